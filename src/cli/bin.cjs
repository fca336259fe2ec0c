#!/usr/bin/env node
// In the JavaScript of long ago and with nothing loaded, so that a Node of any age can say what is wrong.
var needed = [20, 19];
var found = process.versions.node.split(".").map(Number);

if (found[0] > needed[0] || (found[0] === needed[0] && found[1] >= needed[1])) {
  require("./main.js");
} else {
  process.stderr.write(
    // biome-ignore lint/style/useTemplate: templates are younger than some of the Nodes that read this
    "create-groundwork needs Node " + needed.join(".") + " or newer, and this is Node " + process.versions.node + ".\n",
  );
  process.exitCode = 2;
}
