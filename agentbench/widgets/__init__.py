"""The kernel half of each widget: a file here, a folder of the same name in `widgets/src/`.

`messages` is everything that crosses; `wire` turns graphs and runs into it; `pump` is
the one thread that talks to the front end.
"""
