"""The film of a run: what its log says over time.

`spans` folds the log into the stays of every firing, `lanes` lays them beside each other
and thins them out for a window, `timeline` is what people hold, `gantt` its text form.
`index` says which events are a firing's own, `reel` how the run stood at any event.
`comparison` holds two runs against each other, `page` writes one as a page to hand on, with what
`outline` says of it as a whole.
Nothing here knows how a run is carried out: all of it is worked out from events.
"""
