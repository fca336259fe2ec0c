import type { Blueprint } from "../../model/blueprint.ts";
import type { Commands } from "../../model/manifest.ts";
import type { Workspace } from "../../model/workspace.ts";
import type { FieldView, ResourceView, ServiceView } from "../view.ts";

/** What is around the code: where its data and its roots are, and what it brings. */
export type Setting = Partial<Pick<Blueprint, "database" | "features" | "workspace">>;

/** What one language adds to the neutral view, and the commands its repositories answer to. */
export interface Dialect {
  /** One POSIX line each; `start` becomes the service when it is exec'ed. */
  commands(service: ServiceView, workspace?: Workspace): Commands;
  /** Merged into the view of a resource; `fields` already carry what `field` added. */
  resource(resource: ResourceView): object;
  /** Merged into the view of one field. */
  field(field: FieldView, resource: Omit<ResourceView, "fields">): object;
  /** Merged into the view as a whole, e.g. registrations in the formatter's order. */
  service(service: ServiceView, resources: readonly ResourceView[], setting?: Setting): object;
  /** Names that a resource must not take here: modules of the base, routes, keywords that cannot be mapped. */
  readonly reservedResources: readonly string[];
  /** Names that the service must not take here: locked packages, the standard library's crates. */
  readonly reservedServices: readonly string[];
}
