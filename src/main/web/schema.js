// SPDX-License-Identifier: Apache-2.0
// What query-qmp-schema knows, for completion.
import { look } from './api.js';

let loading = null;

/** The schema's entities by name; asked for once. */
export function schema() {
  loading ??= look('query-qmp-schema').then((list) => new Map(list.map((each) => [each.name, each])));
  return loading;
}

/** The type at a path of member names and indices below a command's arguments; null when there is none. */
export function typeAt(entities, command, path, valueAt) {
  let type = entities.get(entities.get(command)?.['arg-type']);
  for (let i = 0; type && i < path.length; i++) {
    type = typeof path[i] === 'number'
      ? entities.get(type['element-type'])
      : entities.get(members(entities, type, valueAt(path.slice(0, i))).find((each) => each.name === path[i])?.type);
  }
  return type ?? null;
}

/** The members that an object of this type may have, given the object as far as it is written. */
export function members(entities, type, value) {
  if (!type) return [];
  if (type['meta-type'] === 'alternate') {
    return type.members.flatMap((each) => members(entities, entities.get(each.type), value));
  }
  if (type['meta-type'] !== 'object') return [];
  const all = [...type.members];
  const branch = type.variants?.find((each) => each.case === value?.[type.tag]);
  return branch ? [...all, ...members(entities, entities.get(branch.type), value)] : all;
}

/** The values that stand for this type without being typed out: of enumerations and booleans. */
export function values(entities, type) {
  if (!type) return [];
  if (type['meta-type'] === 'enum') return (type.members ?? type.values.map((name) => ({ name }))).map((each) => JSON.stringify(each.name));
  if (type['meta-type'] === 'builtin' && type['json-type'] === 'boolean') return ['true', 'false'];
  if (type['meta-type'] === 'alternate') return type.members.flatMap((each) => values(entities, entities.get(each.type)));
  if (type['meta-type'] === 'object') return ['{}'];
  if (type['meta-type'] === 'array') return ['[]'];
  return [];
}

export function typeName(entities, type) {
  if (!type) return '';
  switch (type['meta-type']) {
    case 'builtin': return type['json-type'] === 'int' ? 'integer' : type['json-type'];
    case 'array': return `[${typeName(entities, entities.get(type['element-type']))}]`;
    default: return type['meta-type'];
  }
}
