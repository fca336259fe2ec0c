import type { Blueprint } from "../model/blueprint.ts";

/** Shell lines that start the image of a service, wait until it listens, and see that it stops with 0. */
export function imageStart({ name, database }: Pick<Blueprint, "name" | "database">): string[] {
  const onSqlite = database === "sqlite";
  const logs = onSqlite ? `docker logs ${name}` : "docker compose logs service";
  return [
    onSqlite ? `docker run --detach --name ${name} --read-only --cap-drop ALL ${name}` : "docker compose up --detach",
    `timeout 60 sh -c 'until ${logs} | grep -q listening; do sleep 1; done'`,
    onSqlite ? `docker stop ${name}` : "docker compose stop service",
    `test "$(docker wait ${onSqlite ? name : '"$(docker compose ps --all --quiet service)"'})" = 0`,
  ];
}
