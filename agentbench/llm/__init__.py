"""Models: who can be asked, and how. The only room that knows a model library.

To add a provider, put a line into `PROVIDERS` (`providers.py`); one that speaks OpenAI's
protocol needs nothing else. Each file is one layer with the face of
`agentbench.domain.model.Models`, and the workbench puts them on one another:

    checked    answers that had to fit a schema do, or are asked for again
    paced      waits where a provider asks for it, and tries again what may do later
    catalogue  finds the provider of a name and hands the request on
    adapter    speaks to a provider through `pydantic-ai`, loaded when first used
    endpoint   embeddings, images and speech of an OpenAI-compatible server
    local      a model file (GGUF) on this machine, through llama.cpp
    scripted   says what it was told to say; for tests
"""
