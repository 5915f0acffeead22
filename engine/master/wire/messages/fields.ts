import type { Field } from '../protobuf-json.ts';

/*
 * What fields of messages are. The messages beside this file are those of include/mesos/v1 of Apache Mesos (2024-08, reports
 * 1.12.0), with all of their fields in their order there: what is not named is no field.
 */

type Type = Field['type'];

export const text = { type: 'string' } as const;
export const bytes = { type: 'bytes' } as const;
export const number = { type: 'number' } as const;
export const integer = { type: 'integer' } as const;
export const unsigned = { type: 'unsigned' } as const;
export const flag = { type: 'boolean' } as const;

export const one = (type: Type): Field => ({ type });
export const required = (type: Type): Field => ({ type, required: true });
export const many = (type: Type): Field => ({ type, repeated: true });
export const map = (type: Type): Field => ({ type, map: true });

export const requiredText = required('string');
export const requiredBytes = required('bytes');
export const requiredNumber = required('number');
export const requiredInteger = required('integer');
export const requiredUnsigned = required('unsigned');
