import type { Blueprint } from "../model/blueprint.ts";

/** Shell lines that start the image of a service, wait until it listens, and see that it stops with 0. */
export function imageStart({ name, database }: Pick<Blueprint, "name" | "database">): string[] {
  const listens = (logs: string) => `timeout 60 sh -c 'until ${logs} | grep -q listening; do sleep 1; done'`;
  const alone = [
    `docker run --detach --name ${name} --read-only --cap-drop ALL ${name}`,
    listens(`docker logs ${name}`),
    `docker stop ${name}`,
    `test "$(docker wait ${name})" = 0`,
  ];
  const besideItsDatabase = [
    "docker compose up --detach",
    listens("docker compose logs service"),
    "docker compose stop service",
    'test "$(docker wait "$(docker compose ps --all --quiet service)")" = 0',
  ];
  return database === "sqlite" ? alone : besideItsDatabase;
}
