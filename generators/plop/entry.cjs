/** A name in a variable keeps the adapter out of what `turbo gen` bundles: it finds the templates beside itself. */
const adapter = "create-groundwork/plop/adapter";
const { default: generators } = require(adapter);

module.exports = Object.assign(generators, { default: generators });
