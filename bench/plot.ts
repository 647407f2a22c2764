/** A named curve. */
export interface Series {
  name: string;
  points: [x: number, y: number][];
  /** For values that are not measured. */
  isDashed?: boolean;
}

const [width, height, left, bottom, right] = [860, 420, 60, 50, 260];
const colours = ["#888888", "#b0b0b0", "#cccccc", "#0b6bcb", "#2e9e5b", "#8a4fbf", "#d9480f"];

/** Draws curves on two logarithmic axes as SVG. */
export function plot(all: Series[], titles: { x: string; y: string }): string {
  const points = all.flatMap((series) => series.points);
  const x = axis(
    points.map(([value]) => value),
    left,
    width - right,
  );
  const y = axis(
    points.map(([, value]) => value),
    height - bottom,
    20,
  );
  const curves = all.map(({ name, points: own, isDashed = false }, index) => {
    const colour = colours[index % colours.length] ?? "#000000";
    const line = own.map(([a, b]) => `${x.at(a)},${y.at(b)}`).join(" ");
    const dots = own.map(([a, b]) => `<circle cx="${x.at(a)}" cy="${y.at(b)}" r="3"/>`).join("");
    const dashes = isDashed ? ' stroke-dasharray="6 4"' : "";
    const row = 30 + index * 20;
    return `<g stroke="${colour}" fill="${colour}"><polyline points="${line}" fill="none" stroke-width="2"${dashes}/>${dots}<circle cx="${width - right + 20}" cy="${row - 4}" r="4"/><text x="${width - right + 30}" y="${row}" stroke="none" fill="#222222">${name}</text></g>`;
  });
  const grid = [
    ...x.ticks.map(
      (tick) =>
        `<line x1="${x.at(tick)}" x2="${x.at(tick)}" y1="20" y2="${height - bottom}"/><text x="${x.at(tick)}" y="${height - bottom + 18}" text-anchor="middle">${tick}</text>`,
    ),
    ...y.ticks.map(
      (tick) =>
        `<line x1="${left}" x2="${width - right}" y1="${y.at(tick)}" y2="${y.at(tick)}"/><text x="${left - 8}" y="${y.at(tick) + 4}" text-anchor="end">${tick}</text>`,
    ),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="${width}" height="${height}" fill="#ffffff"/>
<g stroke="#e4e4e4" fill="#555555">${grid.join("").replaceAll("<text", '<text stroke="none"')}</g>
<text x="${(left + width - right) / 2}" y="${height - 10}" text-anchor="middle">${titles.x}</text>
<text x="14" y="${height / 2}" text-anchor="middle" transform="rotate(-90 14 ${height / 2})">${titles.y}</text>
${curves.join("\n")}
</svg>
`;
}

/** A logarithmic axis of whole decades. */
function axis(values: number[], from: number, to: number) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const at = (value: number) =>
    Math.round(from + ((Math.log10(value) - low) / (high - low)) * (to - from));
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  return { at, ticks };
}
