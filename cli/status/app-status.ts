import type { AppServices } from './app-services.ts';

/** An app or a pod, as `status` shows it. */
export interface AppStatus extends AppServices {
  readonly id: string;
  readonly instances: number;
  readonly running: number;
  readonly healthy: number;
  /** Whether it has health checks at all. */
  readonly checked: boolean;
  readonly deploying: boolean;
  /** Why instances of it are missing, when Marathon says. */
  readonly trouble?: string;
}
