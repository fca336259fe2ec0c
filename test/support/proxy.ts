import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server, such as a network is. */
export interface Proxy extends AsyncDisposable {
  /** The server's URL, through this. */
  readonly url: string;
  /** From now on nothing comes through on the connections that exist; neither side is told, and new ones work. */
  silence(): void;
  /** The server hears this text, and its answer does not come through: the connection then ends, or stays and is silent. */
  loseAnswerTo(text: string, then: Loss): void;
}

export type Loss = "ends" | "is silent";

export async function proxyTo(url: string): Promise<Proxy> {
  const there = new URL(url);
  const sockets = new Set<Socket>();
  let lost: { readonly text: string; readonly then: Loss } | undefined;
  const server = createServer((near) => {
    const far = connect({ host: there.hostname, port: Number(there.port), noDelay: true });
    near.setNoDelay(true).pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    near.on("data", (sent: Buffer) => {
      if (lost === undefined || !sent.includes(lost.text)) return;
      far.unpipe().resume();
      if (lost.then === "ends") far.once("data", () => near.destroy());
    });
    sockets.add(near).add(far);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const here = new URL(url);
  here.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: here.href,
    silence() {
      for (const socket of sockets) socket.unpipe().resume();
    },
    loseAnswerTo(text, then) {
      lost = { text, then };
    },
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
