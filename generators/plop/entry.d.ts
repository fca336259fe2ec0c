/** Gives plop, or `turbo gen`, the generators `service`, `resource` and `ci`. */
declare function generators(plop: object): void;
export default generators;
