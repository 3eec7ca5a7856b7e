"""Blocks that think: what a language model does, one file per kind of work.

asking      what they share: the model's name, prompts with variables, images
text        generate, summarise, translate, embed
structured  answers of a form: fields, lists, classes, conditions
chat        a conversation that goes on
media       images and speech, in and out
agent       a model that uses tools, until it is done
"""
