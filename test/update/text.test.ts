import { describe, expect, test } from "vitest";
import { hasMarkers, mergeText } from "../../src/update/text.ts";

const labels = { mine: "yours", old: "0.1.0", new: "0.2.0" };
const merge = (old: string, mine: string, fresh: string) => mergeText(old, mine, fresh, labels);

describe("mergeText", () => {
  test.each([
    ["both sides' lines", "a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n", "A\nb\nc\nD\n"],
    ["the same change once", "a\nb\n", "a\nx\n", "a\nx\n", "a\nx\n"],
    ["what the user has removed", "a\nb\nc\n", "a\nc\n", "a\nb\nc\nd\n", "a\nc\nd\n"],
    ["no last newline of the user's", "a\nb", "x\nb", "a\nb", "x\nb"],
    ["a last newline that the user took away", "a\nb\n\nc\n", "a\nb\n\nc", "A\nb\n\nc\n", "A\nb\n\nc"],
    ["line ends of Windows", "a\nb\nc\n", "a\r\nb\r\nmine\r\n", "A\nb\nc\n", "A\r\nb\r\nmine\r\n"],
    ["an empty file", "", "mine\n", "", "mine\n"],
  ])("takes %s", (_what, old, mine, fresh, merged) => {
    expect(merge(old, mine, fresh)).toEqual({ text: merged, conflicts: 0 });
  });

  test("marks one place that both changed, and keeps the last newline", () => {
    const { text, conflicts } = merge("a\nb\n", "a\nmine\n", "a\nours\n");
    expect(conflicts).toBe(1);
    expect(text).toBe("a\n<<<<<<< yours\nmine\n||||||| 0.1.0\nb\n=======\nours\n>>>>>>> 0.2.0\n");
    expect(hasMarkers(text)).toBe(true);
  });

  test("marks no more than differs", () => {
    const { text } = merge("a\nz\n", "a\nsame\nmine\nz\n", "a\nsame\nours\nz\n");
    expect(text).toBe("a\nsame\n<<<<<<< yours\nmine\n||||||| 0.1.0\n=======\nours\n>>>>>>> 0.2.0\nz\n");
  });

  test.each([["A heading\n=======\n"], ["cat <<<<EOF\n"], ["a ||||||| b\n"]])("%j has no markers", (text) => {
    expect(hasMarkers(text)).toBe(false);
  });
});
