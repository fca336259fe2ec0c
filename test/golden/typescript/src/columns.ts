import type { Row, Value } from "./database.ts";
import type { InputOf, Properties, Property } from "./schema.ts";

/** How the members of a resource lie in its table: money takes two columns, any other member one of its own name. */
export interface Columns<Fields> {
  readonly names: readonly string[];
  /** Puts each value in the one form in which it is kept: UTC, lower case, null for what was left out. */
  toRow(input: InputOf<Fields>): Row;
  fromRow(row: Row): Fields;
}

export function columnsOf<Fields>(properties: Properties): Columns<Fields> {
  const members = Object.entries(properties).map(([name, property]) => memberOf(name, property));
  return {
    names: members.flatMap(({ columns }) => columns),
    toRow(input) {
      const row: Record<string, Value> = {};
      for (const member of members) member.write(input as Members, row);
      return row;
    },
    fromRow(row) {
      const values: Members = {};
      for (const member of members) member.read(row, values);
      return values as Fields;
    },
  };
}

interface Money {
  readonly minor_units: Value;
  readonly currency: Value;
}

type Members = Record<string, Value | Money>;

interface Member {
  readonly columns: readonly string[];
  write(from: Members, to: Record<string, Value>): void;
  read(from: Row, to: Members): void;
}

function memberOf(name: string, { type, format }: Property): Member {
  if ([type].flat().includes("object")) return moneyMember(name);
  if ([type].flat().includes("boolean")) return columnMember(name, same, Boolean);
  if (format === "date-time") return columnMember(name, (value) => new Date(String(value)).toISOString(), same);
  if (format === "uuid") return columnMember(name, (value) => String(value).toLowerCase(), same);
  return columnMember(name, same, same);
}

type Convert = (value: Value) => Value;

const same: Convert = (value) => value;

function columnMember(name: string, written: Convert, read: Convert): Member {
  const unlessNull = (value: Value, convert: Convert) => (value === null ? null : convert(value));
  return {
    columns: [name],
    write: (from, to) => {
      to[name] = unlessNull((from[name] ?? null) as Value, written);
    },
    read: (from, to) => {
      to[name] = unlessNull(from[name] ?? null, read);
    },
  };
}

function moneyMember(name: string): Member {
  const [units, currency] = [`${name}_minor_units`, `${name}_currency`] as const;
  return {
    columns: [units, currency],
    write: (from, to) => {
      const money = from[name] as Money | null | undefined;
      to[units] = money?.minor_units ?? null;
      to[currency] = money?.currency ?? null;
    },
    read: (from, to) => {
      const minorUnits = from[units] ?? null;
      to[name] = minorUnits === null ? null : { minor_units: minorUnits, currency: from[currency] ?? null };
    },
  };
}
