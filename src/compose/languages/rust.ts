import { declaredTypes, type FieldType } from "../../model/resource.ts";

import type { FieldView, ResourceView } from "../view.ts";
import { memberOf } from "../workspace.ts";
import type { Dialect, Setting } from "./dialect.ts";

/** Every keyword, of any edition and reserved ones too, that a name of ours can meet; only lower case can. */
const keywords = new Set(
  "abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen if impl in let loop macro match mod move mut override priv pub ref return self static struct super trait true try type typeof unsafe unsized use virtual where while yield".split(
    " ",
  ),
);

/** Keywords of paths, which cannot be raw identifiers. */
const pathKeywords = new Set(["crate", "self", "super"]);

/** Names of types that the file of a resource's fields uses, its macros' included. */
const takenTypes = new Set(
  "Columns DateTime Deserialize Fields FromRow Money NaiveDate Option Query Result Row Self Serialize String Utc Uuid".split(
    " ",
  ),
);

/** Crates of the language itself, and names of programs that Cargo refuses. */
const ownCrates = ["alloc", "build", "core", "deps", "examples", "incremental", "proc-macro", "std", "test"];

/** A second package of one name would change how the lockfile spells the first. */
const lockedPackages =
  "allocator-api2 android_system_properties atoi atomic-waker autocfg axum axum-core base64 bitflags block-buffer bumpalo byteorder bytes cc cfg-if chacha20 chrono cmov core-foundation core-foundation-sys cpufeatures crc crc-catalog crossbeam-queue crossbeam-utils crypto-common ctutils digest displaydoc dotenvy either equivalent errno etcetera event-listener find-msvc-tools flume foldhash form_urlencoded futures-channel futures-core futures-executor futures-intrusive futures-io futures-sink futures-task futures-util generic-array getrandom hashbrown hashlink heck hex hkdf hmac http http-body http-body-util httparse httpdate hybrid-array hyper hyper-util iana-time-zone iana-time-zone-haiku icu_collections icu_locale_core icu_normalizer icu_normalizer_data icu_properties icu_properties_data icu_provider idna idna_adapter indexmap itoa js-sys lazy_static libc libsqlite3-sys litemap lock_api log matchit md-5 memchr mime mio num-traits once_cell openssl-probe parking parking_lot parking_lot_core percent-encoding pin-project-lite pkg-config potential_utf proc-macro2 quote r-efi rand rand_core redox_syscall ring rustls rustls-native-certs rustls-pki-types rustls-webpki rustversion ryu schannel scopeguard security-framework security-framework-sys serde serde_core serde_derive serde_json serde_path_to_error serde_urlencoded sha1 sha2 sharded-slab shlex signal-hook-registry slab smallvec socket2 spin sqlx sqlx-core sqlx-macros sqlx-macros-core sqlx-mysql sqlx-postgres sqlx-sqlite stable_deref_trait stringprep subtle syn sync_wrapper synstructure thiserror thiserror-impl thread_local tinystr tinyvec tokio tokio-macros tokio-stream tower tower-http tower-layer tower-service tracing tracing-attributes tracing-core tracing-subscriber typenum unicode-bidi unicode-ident unicode-normalization unicode-properties untrusted url utf8_iter utf_types uuid vcpkg version_check wasi wasm-bindgen wasm-bindgen-macro wasm-bindgen-macro-support wasm-bindgen-shared whoami windows-core windows-implement windows-interface windows-link windows-result windows-strings windows-sys windows-targets windows_aarch64_gnullvm windows_aarch64_msvc windows_i686_gnu windows_i686_gnullvm windows_i686_msvc windows_x86_64_gnu windows_x86_64_gnullvm windows_x86_64_msvc writeable yoke yoke-derive zerofrom zerofrom-derive zeroize zerotrie zerovec zerovec-derive zmij".split(
    " ",
  );

export const dialect: Dialect = {
  commands: () => ({
    setup: "cargo fetch --locked",
    "format-check": "cargo fmt --check",
    lint: "cargo clippy --all-targets --locked -- -D warnings",
    test: "cargo test --locked",
    build: "cargo build --release --locked",
    start: "cargo run --quiet --release --locked",
  }),
  field: (field) => {
    const identifier = identifierOf(field.name);
    return {
      identifier,
      renamed: identifier.replace("r#", "") !== field.name,
      wired: wiredTypes.includes(field.type),
      rustType: field.nullable ? `Option<${typeOf(field)}>` : typeOf(field),
      enumeration: typeNameOf(field.pascal),
      variants: variantsOf(field.values),
    };
  },
  resource: ({ fields }) => ({
    columns: numbered(fields.flatMap(columnsOf)),
    libraryImports: libraryImportsOf(fields),
    crateImports: crateImportsOf(fields),
  }),
  service: (_service, resources, setting = {}) => ({
    ...manifestOf(setting),
    hasResources: resources.length > 0,
    has: {
      money: hasField(resources, "money"),
      one_of: hasField(resources, "one_of"),
      values: hasField(resources, ...declaredTypes),
      wired: hasField(resources, "money", ...wiredTypes),
    },
    registrations: registrationsOf(resources),
  }),
  reservedResources: [],
  reservedServices: [...keywords, ...ownCrates, ...lockedPackages],
};

/** Types whose form in JSON is not the one that serde gives them. */
const wiredTypes: readonly FieldType[] = ["integer", "date", "timestamp", "uuid"];

const hasField = (resources: readonly ResourceView[], ...wanted: readonly FieldType[]) =>
  resources.some(({ fields }) => fields.some(({ type }) => wanted.includes(type)));

/** What Cargo reads at the root of a workspace only, and what a member takes over from there. */
function manifestOf({ workspace, database }: Setting) {
  const isRoot = !memberOf(workspace, "cargo");
  const inherits = workspace?.inherits ?? [];
  return {
    isRoot,
    tunesSqlite: isRoot && database === "sqlite",
    standsApart: workspace?.apartFrom.includes("cargo") ?? false,
    inheritsEdition: inherits.includes("edition"),
    inheritsLints: inherits.includes("lints"),
    inheritedKeys: inherits.filter((key) => ["authors", "homepage", "repository"].includes(key)),
  };
}

const types: Readonly<Record<Exclude<FieldType, "one_of">, string>> = {
  text: "String",
  integer: "i64",
  money: "Money",
  boolean: "bool",
  date: "NaiveDate",
  timestamp: "DateTime<Utc>",
  uuid: "Uuid",
};

function typeOf({ type, pascal }: FieldView): string {
  return type === "one_of" ? typeNameOf(pascal) : types[type];
}

/** A trailing underscore is all that the names of two fields never differ in. */
function typeNameOf(pascal: string): string {
  return takenTypes.has(pascal) ? `${pascal}_` : pascal;
}

/** The lint for names refuses a double underscore. */
function identifierOf(name: string): string {
  const identifier = name.replaceAll(/_+/g, "_");
  if (pathKeywords.has(identifier)) return `${identifier}_`;
  return keywords.has(identifier) ? `r#${identifier}` : identifier;
}

function variantsOf(values: readonly string[]): { readonly variant: string; readonly value: string }[] {
  const taken = new Set(["Self"]);
  return values.map((value) => {
    let variant = value.split("_").map(capitalised).join("");
    while (taken.has(variant)) variant += "_";
    taken.add(variant);
    return { variant, value };
  });
}

const capitalised = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

interface Column {
  readonly column: string;
  readonly sqliteType: string;
  readonly postgresType: string;
}

const sqliteTypes: Readonly<Record<Exclude<FieldType, "money">, string>> = {
  text: "TEXT",
  integer: "INTEGER",
  boolean: "INTEGER",
  date: "TEXT",
  timestamp: "TEXT",
  uuid: "BLOB",
  one_of: "TEXT",
};

const postgresTypes: typeof sqliteTypes = {
  text: "text",
  integer: "bigint",
  boolean: "boolean",
  date: "date",
  timestamp: "timestamptz(3)",
  uuid: "uuid",
  one_of: "text",
};

function columnsOf({ name, type, nullable }: FieldView): Column[] {
  const suffix = nullable ? "" : " NOT NULL";
  const column = (named: string, of: keyof typeof sqliteTypes): Column => ({
    column: named,
    sqliteType: `${sqliteTypes[of]}${suffix}`,
    postgresType: `${postgresTypes[of]}${suffix}`,
  });
  if (type !== "money") return [column(name, type)];
  return [column(`${name}_minor_units`, "integer"), column(`${name}_currency`, "text")];
}

/** Their placeholders follow those of a record's own columns: four in an INSERT, three in an UPDATE. */
function numbered(columns: readonly Column[]) {
  return columns.map((column, index) => ({
    ...column,
    inserted: index + 5,
    updated: index + 4,
    last: index === columns.length - 1,
  }));
}

function libraryImportsOf(fields: readonly FieldView[]): string[] {
  const has = (type: FieldType) => fields.some((field) => field.type === type);
  const chrono = [...(has("timestamp") ? ["DateTime", "Utc"] : []), ...(has("date") ? ["NaiveDate"] : [])].sort();
  return [
    ...(chrono.length > 0 ? [`chrono::${oneOrMore(chrono)}`] : []),
    "serde::{Deserialize, Serialize}",
    `sqlx::${oneOrMore(["FromRow", ...(fields.some(({ type }) => type !== "money") ? ["Row as _"] : [])])}`,
    ...(has("uuid") ? ["uuid::Uuid"] : []),
  ];
}

function crateImportsOf(fields: readonly FieldView[]): string[] {
  const hasMoney = fields.some(({ type }) => type === "money");
  return ["crate::database::{Query, Row}", ...(hasMoney ? ["crate::values::{Columns, Money}"] : [])];
}

const oneOrMore = (names: readonly string[]) => (names.length === 1 ? (names[0] ?? "") : `{${names.join(", ")}}`);

/** In the order in which rustfmt sorts modules: by their characters, and a raw name like any other. */
function registrationsOf(resources: readonly ResourceView[]) {
  return resources
    .map(({ snakes }) => ({
      name: snakes,
      module: keywords.has(snakes) ? `r#${snakes}` : snakes,
      unusual: snakes.includes("__"),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
