import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server, such as a network is. */
export interface Proxy extends AsyncDisposable {
  /** The server's URL, through this. */
  readonly url: string;
  /** From now on nothing comes through on the connections that exist; neither side is told, and new ones work. */
  silence(): void;
}

export async function proxyTo(url: string): Promise<Proxy> {
  const there = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ host: there.hostname, port: Number(there.port), noDelay: true });
    near.setNoDelay(true).pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on("error", () => {}).on("close", () => sockets.delete(socket));
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
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
