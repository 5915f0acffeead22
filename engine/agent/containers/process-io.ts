import type { WindowSize } from '../../../platform/processes/terminal-process.ts';

/** ProcessIO of agent.proto, as a client sends it. */
export interface ProcessIo {
  readonly type?: 'UNKNOWN' | 'DATA' | 'CONTROL';
  readonly data?: {
    readonly type?: 'UNKNOWN' | 'STDIN' | 'STDOUT' | 'STDERR';
    /** Base64. */
    readonly data?: string;
  };
  readonly control?: {
    readonly type?: 'UNKNOWN' | 'TTY_INFO' | 'HEARTBEAT';
    readonly tty_info?: { readonly window_size?: WindowSize };
    readonly heartbeat?: object;
  };
}

const expecting = (field: string) => `Expecting 'process_io.${field}' to be present`;

/** Why it cannot be taken, in the words of IOSwitchboardServerProcess::validate. */
export function refuseProcessIo({ type, data, control }: ProcessIo): string | undefined {
  if (type === undefined) return expecting('type');
  if (type === 'UNKNOWN') return "'process_io.type' is unknown";
  return type === 'CONTROL' ? refuseControl(control) : refuseData(data);
}

function refuseControl(control: ProcessIo['control']): string | undefined {
  if (control === undefined) return expecting('control');
  if (control.type === undefined) return expecting('control.type');
  if (control.type === 'UNKNOWN') return "'process_io.control.type' is unknown";
  if (control.type === 'HEARTBEAT') return control.heartbeat === undefined ? expecting('control.heartbeat') : undefined;
  if (control.tty_info === undefined) return expecting('control.tty_info');
  return control.tty_info.window_size === undefined ? "Expecting 'tty_info.window_size' to be present" : undefined;
}

function refuseData(data: ProcessIo['data']): string | undefined {
  if (data === undefined) return expecting('data');
  if (data.type === undefined) return expecting('data.type');
  if (data.type !== 'STDIN') return "Expecting 'process_io.data.type' to be 'STDIN'";
  return data.data === undefined ? expecting('data.data') : undefined;
}
