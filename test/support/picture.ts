const font = { size: 14, width: 8.45, height: 20 } as const;
const margin = 18;

/** Draws what a terminal showed; the dark panel reads on a light page and on a dark one. */
export function picture(title: string, lines: readonly string[]): string {
  const columns = Math.max(...lines.map((line) => line.length));
  const width = Math.ceil(columns * font.width) + 2 * margin;
  const height = lines.length * font.height + 2 * margin;
  const rows = lines.map((line, index) => {
    const y = margin + (index + 1) * font.height - 6;
    const fill = line.startsWith("$ ") ? "#7ee787" : "#e6edf3";
    return `  <text x="${margin}" y="${y}" fill="${fill}" xml:space="preserve">${escaped(line)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="${font.size}">`,
    `  <title>${escaped(title)}</title>`,
    `  <rect width="${width}" height="${height}" rx="10" fill="#0d1117"/>`,
    ...rows,
    "</svg>",
    "",
  ].join("\n");
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
