import { freemem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

/** What a process may have of this machine's memory. */
export interface MemoryFree {
  readonly availableBytes: number;
  /** Of the objects of a Node.js process. */
  readonly heapBytes: number;
}

export const memoryFree = (): MemoryFree => ({
  availableBytes: freemem(),
  heapBytes: getHeapStatistics().heap_size_limit,
});
