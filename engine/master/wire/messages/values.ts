import type { Message } from '../protobuf-json.ts';
import { many, requiredInteger, requiredNumber, requiredText, requiredUnsigned, text } from './fields.ts';

/** Of frameworks, agents, tasks, …: all ids look the same. */
export const id: Message = { value: requiredText };

export const labels: Message = {
  labels: many({ key: requiredText, value: text }),
};

export const valueScalar: Message = {
  value: requiredNumber,
};

export const valueRanges: Message = {
  range: many({ begin: requiredUnsigned, end: requiredUnsigned }),
};

export const valueSet: Message = {
  item: many('string'),
};

export const durationInfo: Message = {
  nanoseconds: requiredInteger,
};
