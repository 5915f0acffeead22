import type { Labels } from './labels.ts';

/** Resource.ReservationInfo */
export interface Reservation {
  readonly type?: 'STATIC' | 'DYNAMIC';
  readonly role?: string;
  readonly principal?: string;
  readonly labels?: Labels;
}

/** Resource.DiskInfo */
export interface DiskInfo {
  readonly persistence?: { readonly id: string; readonly principal?: string };
  readonly volume?: { readonly container_path: string; readonly mode: 'RW' | 'RO'; readonly host_path?: string };
  readonly source?: {
    readonly type: 'PATH' | 'MOUNT' | 'BLOCK' | 'RAW';
    readonly path?: { readonly root?: string };
    readonly mount?: { readonly root?: string };
  };
}
