// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of other files, whose braces are theirs
import type { Language } from "../../src/model/verdict.ts";

/** The service that is broken. Its resource has every type of field whose code could be wrong by itself. */
export const service = {
  name: "depot",
  resource:
    "parcel label:text note:text? weight_grams:integer price:money refund:money? fragile:boolean due:date seen_at:timestamp owner_ref:uuid status:one_of(draft,sent)",
};

/** The point that must then fail, what is wrong, and the text that is replaced, which the file must have exactly once. */
type Row = readonly [point: string, name: string, find: string, replace: string];

/** Ways to break an emitted service, by language and file. A suite that does not notice one of them does not prove its point. */
export const breaks: Readonly<Record<Language, Readonly<Record<string, readonly Row[]>>>> = {
  typescript: {
    "src/config.ts": [
      ["P1", "an empty variable is a value", "env[name] || unset", "env[name] ?? unset"],
      ["P1", "only the first fault is told", "{ faults } : config", "{ faults: faults.slice(0, 1) } : config"],
      ["P1", "all addresses are listened on", '"HOST", "127.0.0.1"', '"HOST", "0.0.0.0"'],
      ["P1", "another port is the default", '"PORT", 8080', '"PORT", 8081'],
      ["P1", "a body may be twice as long", "1_048_576", "2_097_152"],
    ],
    "src/database.ts": [
      ["P1", "a secret is told", "must be ${scheme} and a path`", "must be ${scheme} and a path, not ${url}`"],
      ["P1", "another folder is the default", "sqlite://data/app.db", "sqlite://app.db"],
      ["P4", "a migration is applied again", "if (applied.get(name)) continue;", ""],
      ["P4", "a starting neighbour is not waited for", "startPatienceMs = 60_000", "startPatienceMs = 0"],
      ["H1", "a lock stops the event loop", "{ timeout: 0 }", "{ timeout: 4_000 }"],
      ["E2", "a lock is a fault of ours", "if (!locks.includes(resultCode(error))) throw error;", "throw error;"],
      ["E2", "a lock is not waited for", "Math.min(4_000, requestTimeoutMs / 2)", "0"],
      ["E5", "a late write is carried out", "if (performance.now() > deadline) throw tooLate();", ""],
    ],
    "src/telemetry.ts": [
      ["P2", "the time is a number", "stdTimeFunctions.isoTime", "stdTimeFunctions.epochTime"],
      [
        "P2",
        "a client that left was answered",
        "reply.raw.headersSent ? reply.statusCode : clientGone",
        "reply.statusCode",
      ],
      ["P2", "the path is logged", "route: routeOf(request),", "route: request.url,"],
      ["P2", "credentials are logged", "method: request.method,", "method: request.method, headers: request.headers,"],
      ["Q1", "an id may be too long", "{1,128}", "{1,129}"],
      ["Q1", "an id may have spaces", "[\\x21-\\x7e]", "[\\x20-\\x7e]"],
      ["Q1", "a zero trace is one", "/[^0]/.test(trace) && ", ""],
    ],
    "src/serve.ts": [
      [
        "P2",
        "listening is told at info only",
        'logger.child({}, { level: "info" }).info({ addr }',
        "logger.info({ addr }",
      ],
      ["P2", "a line is no JSON", 'logger.info({ cut }, "stopped");', 'process.stdout.write("stopped\\n");'],
      ["P3", "a cut request is a success", "cut === 0 ? 0 : 1", "0"],
      ["P3", "SIGINT is not heard", 'stopOn("SIGINT", 130);', ""],
      ["P3", "the database stays open", "await database.close();", ""],
      ["P3", "a second signal is not heard", "? end(status) :", "? void status :"],
    ],
    "src/app.ts": [
      ["P3", "a stopping service is ready", "if (app.connections.draining)", "if (false)"],
      [
        "H1",
        "/livez asks the database",
        '"/livez", { schema }, () => ok',
        `"/livez", { schema }, () => database.run('UPDATE "parcels" SET "version" = 1 WHERE 0 = $1', [1]).then(() => ok)`,
      ],
      [
        "H2",
        "/readyz needs the writer's lock",
        "database.ping(), ",
        `database.run('UPDATE "parcels" SET "version" = 1 WHERE 0 = $1', [1]), `,
      ],
    ],
    "src/problem.ts": [
      ["E1", "a problem is plain JSON", '"application/problem+json"', '"application/json"'],
      ["E1", "the request is not named", "request_id: requestId,", ""],
      ["E2", "503 does not say when", "if (problem.status === 503)", "if (false)"],
      ["E4", "a pointer is not escaped", '.replaceAll("/", "~1")', ""],
    ],
    "src/server.ts": [
      ["E1", "no Host is needed", "done(hasHost(request.raw) ?", "done(true ?"],
      ["E1", "several Hosts are one", "return hosts === 1 ||", "return hosts >= 1 ||"],
      ["E2", "one fault is told at a time", "allErrors: true", "allErrors: false"],
      ["R1", "text is a number", "coerceTypes: false", "coerceTypes: true"],
      ["E4", "unknown members are dropped", "removeAdditional: false", 'removeAdditional: "all"'],
      [
        "E5",
        "timeouts are seldom looked at",
        "connectionsCheckingInterval: checkIntervalMs",
        "connectionsCheckingInterval: 120 * checkIntervalMs",
      ],
      ["E5", "a body is timed by its handler", "requestTimeout: config.requestTimeoutMs,", ""],
      ["Q2", "nosniff is missing", 'request.id).header("x-content-type-options", "nosniff")', "request.id)"],
      [
        "Q2",
        "HEAD is not answered",
        "bodyLimit: config.maxBodyBytes,",
        "bodyLimit: config.maxBodyBytes, exposeHeadRoutes: false,",
      ],
      ["P3", "there is no delay", "await Promise.race([sleep(config.shutdownDelayMs), timeout]);", "void timeout;"],
      ["P3", "an answer keeps its connection", "if (draining) closeAfter(reply);", ""],
      ["E5", "an answer may be read for ever", "if (lateMs > timeoutMs)", "if (timeoutMs < 0)"],
      ["P3", "idle connections stay", "app.connections.closeIdle();", ""],
      [
        "P3",
        "requests are cut at once",
        "if (replies.size === 0) socket.destroy()",
        "if (replies.size >= 0) socket.destroy()",
      ],
    ],
    "src/requests.ts": [
      ["P2", "an unknown path is logged", 'matches(template, path)) ?? ""', "matches(template, path)) ?? path"],
      ["E2", "405 names no methods", 'reply.header("allow", methods);', ""],
      ["E2", "a byte order mark is skipped", "ignoreBOM: true", "ignoreBOM: false"],
      ["E3", "any bytes are text", "fatal: true", "fatal: false"],
      ["E3", "half a surrogate pair is text", "escapedSurrogate.test(text) ?", 'text === "" ?'],
      ["R1", "30 February is a date", "date.getUTCDate() === Number(value.slice(8))", "true"],
      ["R1", "the year 0 is one", ' || value.startsWith("0000")', ""],
    ],
    "src/schema.ts": [
      ["E3", "NUL is text", 'pattern: "^[^\\\\u0000]*$",', ""],
      [
        "E4",
        "unknown members are taken",
        "additionalProperties: false, required, properties }",
        "required, properties }",
      ],
      ["E2", "a page may be empty", "^([1-9][0-9]?|100)$", "^([0-9][0-9]?|100)$"],
      ["E2", "a cursor may have odd bits", "{21}[AQgw]$", "{22}$"],
      ["R1", "text may be longer", "maxLength: 2000", "maxLength: 2001"],
      ["R1", "an offset is kept", "(value) => new Date(String(value)).toISOString()", "same"],
      ["R1", "upper case is kept", "(value) => String(value).toLowerCase()", "same"],
      [
        "R5",
        "text is normalised",
        "return columnMember(name, same, same);",
        'return columnMember(name, (value) => (typeof value === "string" ? value.normalize() : value), same);',
      ],
    ],
    "src/record.ts": [
      ["R1", "ids of a millisecond are in no order", "count += 1;", ""],
      ["R1", "the clock is read twice", "at: new Date(last)", "at: new Date(last + 1)"],
      ["R4", "a part of money replaces it", "mergePatch(merged[name], value)", "value"],
      ["R3", "a weak tag matches nothing", 'given.replace(/^W\\//, "") === etag', "given === etag"],
      [
        "R4",
        "a weak tag matches",
        "!tagsOf(header).includes(etag)",
        "!tagsOf(header).some((given) => given.endsWith(etag))",
      ],
    ],
    "src/parcels/store.ts": [
      ["R2", "the newest come first", 'ORDER BY "id" LIMIT', 'ORDER BY "id" DESC LIMIT'],
      ["R2", "a row is met twice", '"id" > $1', '"id" >= $1'],
      [
        "R4",
        "no change is one",
        "if (columns.names.every((name) => before[name] === after[name])) return current;",
        "",
      ],
      [
        "R4",
        "the last writer wins",
        "const changed = await database.run(sql.replace,",
        'await new Promise((wake) => setTimeout(wake, 20)); const changed = await database.run(sql.replace.replace(/"version" = (?=[^ ]+$)/, "0 < "),',
      ],
      [
        "P4",
        "a row is answered before it is written",
        "await database.run(sql.insert, valuesOf(row, all), deadline);",
        "setTimeout(() => void database.run(sql.insert, valuesOf(row, all), deadline), 200);",
      ],
    ],
    "src/parcels/routes.ts": [
      ["R1", "Location is a URL", "`${collection}/${created.id}`", "`http://localhost${collection}/${created.id}`"],
      ["R2", "a full page is never the last", "found.length > limit", "found.length >= limit"],
      ["R2", "Link forgets the limit", "?limit=${limit}&cursor=", "?cursor="],
      ["R3", "304 has no tag", '.code(304).header("etag", etagOf(current))', ".code(304)"],
      [
        "R4",
        "the tag is the time",
        '({ version }: Stored) => `"${version}"`',
        '({ updatedAt }: Stored) => `"${updatedAt}"`',
      ],
      [
        "R4",
        "If-Match is not needed",
        'request.headers["if-match"], etagOf',
        'request.headers["if-match"] ?? "*", etagOf',
      ],
      [
        "E2",
        "a wrong type is taken",
        'requireMediaType("application/json")',
        'requireMediaType("application/json", "application/merge-patch+json")',
      ],
      ["D1", "an answer is not documented", "reply.code(201)", "reply.code(200)"],
    ],
    "openapi.json": [
      ["D1", "a route is not documented", '"/readyz"', '"/ready"'],
      ["D1", "a documented answer never comes", '"428": {', '"429": {'],
    ],
  },
  go: {
    "cmd/depot/main.go": [["P3", "a second signal is not heard", "os.Exit(128 + int(again))", "_ = again"]],
    "cmd/depot/config.go": [
      ["P1", "a header has all the time", "cfg.headerTimeout = min(cfg.headerTimeout, cfg.requestTimeout)\n", ""],
    ],
    "internal/web/telemetry.go": [
      ["P2", "levels are in capitals", "strings.ToLower(attr.Value.String())", "strings.ToUpper(attr.Value.String())"],
      ["Q1", "an id may be too long", "len(id) <= 128", "len(id) <= 129"],
    ],
    "internal/web/server.go": [
      ["P3", "a silent connection holds the exit", "conns.stop()\n", ""],
      ["P3", "a cut request is a success", "requests > 0", "requests < 0"],
      ["P3", "a reset takes an answer with it", "c.CloseWrite() != nil", "true"],
    ],
    "internal/input/input.go": [
      ["R1", "a repeated member is refused", "IsValid(jsontext.AllowDuplicateNames(true))", "IsValid()"],
    ],
    "internal/web/request.go": [
      ["R2", "a full page is never the last", "len(records) > request.Limit", "len(records) >= request.Limit"],
      ["R4", "a weak tag matches", "return tag == etag", 'return strings.TrimPrefix(tag, "W/") == etag'],
    ],
  },
  rust: {
    "src/config.rs": [["P1", "an empty variable is a value", ".filter(|value| !value.is_empty())", ""]],
    "src/record.rs": [
      [
        "R4",
        "a weak tag matches",
        "weak.is_none() || comparison == Comparison::Weak",
        "weak.is_none() || comparison != Comparison::Weak",
      ],
    ],
    "src/problem.rs": [["E1", "a problem is plain JSON", '"application/problem+json"', '"application/json"']],
    "src/app.rs": [["P3", "a stopping service is ready", "if app.shutdown.has_begun() {", "if false {"]],
  },
};
