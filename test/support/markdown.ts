import path from "node:path";
import MarkdownIt from "markdown-it";

/** Links of the Markdown among some files (path → text) that lead to no file or folder among them, or to no heading there. */
export function brokenLinks(files: ReadonlyMap<string, string>): string[] {
  const pages = [...files].filter(([file]) => file.endsWith(".md"));
  return pages.flatMap(([file, text]) =>
    linksOf(text).flatMap((link) => (leads(files, file, link) ? [] : [`${file} links to ${link}`])),
  );
}

function leads(files: ReadonlyMap<string, string>, from: string, link: string): boolean {
  const [place = "", heading] = decodeURI(link).split("#");
  const target = place === "" ? from : path.posix.join(path.posix.dirname(from), place);
  const text = files.get(target);
  if (heading !== undefined) return headingsOf(text ?? "").includes(heading);
  return text !== undefined || [...files.keys()].some((file) => file.startsWith(`${target.replace(/\/$/, "")}/`));
}

/** Of links and pictures, those that lead to no other site. */
function linksOf(text: string): string[] {
  const tokens = new MarkdownIt().parse(text, {}).flatMap(({ children }) => children ?? []);
  return tokens
    .map((token) => token.attrGet(token.type === "image" ? "src" : "href"))
    .filter((link): link is string => link !== null && !/^[a-z]+:/.test(link));
}

/** As forges name them in a link. */
function headingsOf(text: string): string[] {
  const tokens = new MarkdownIt().parse(text, {});
  return tokens.flatMap(({ type }, index) => {
    if (type !== "heading_open") return [];
    const words = (tokens[index + 1]?.children ?? []).map(({ content }) => content).join("");
    return [
      words
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(/\s/g, "-"),
    ];
  });
}
