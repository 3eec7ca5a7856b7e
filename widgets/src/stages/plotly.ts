/** Charts of Plotly. Its library is read into the frame before this: see `late.py`. */

import { type Look, stage } from "./stage";

type Part = Record<string, unknown>;

declare const Plotly: {
  newPlot(
    place: HTMLElement,
    data: unknown,
    layout: Part,
    config: Part,
  ): Promise<unknown>;
};

const part = (it: unknown): Part =>
  typeof it === "object" && it !== null && !Array.isArray(it) ? (it as Part) : {};

stage(async (place, data, look) => {
  const figure = part(typeof data === "string" ? JSON.parse(data) : data);
  const config = { ...part(figure.config), displaylogo: false, responsive: true };
  await Plotly.newPlot(place, figure.data, dressed(part(figure.layout), look), {
    ...config,
    plotlyServerURL: "",
    modeBarButtonsToRemove: ["sendDataToCloud"],
  });
});

/** The layout in the colours of the page, where it says none itself. */
function dressed(layout: Part, look: Look): Part {
  const template = part(layout.template);
  const own = part(template.layout);
  const axes = look.isDark
    ? { gridcolor: "#ffffff1f", linecolor: "#ffffff4d", zerolinecolor: "#ffffff3d" }
    : {};
  const axis = (name: string) => ({ ...part(own[name]), ...axes });
  return {
    paper_bgcolor: "transparent",
    ...(look.isDark ? { plot_bgcolor: "#ffffff0a" } : {}),
    ...layout,
    font: { color: look.color, ...part(layout.font) },
    margin: layout.margin ?? { t: layout.title ? 60 : 30, r: 30, b: 50, l: 60 },
    template: {
      ...template,
      layout: { ...own, xaxis: axis("xaxis"), yaxis: axis("yaxis") },
    },
  };
}
