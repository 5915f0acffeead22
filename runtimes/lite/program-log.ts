/** How a program writes its log: as glog of Mesos, as logback of Marathon, or as the loggers of marathon-lb and Mesos-DNS. */
export type LogStyle = 'glog' | 'marathon' | 'marathon-lb' | 'mesos-dns';

const pad = (value: number, length = 2) => String(value).padStart(length, '0');

/** One line of a log, with the time in UTC. */
export function logLine(style: LogStyle, program: string, text: string, now: Date): string {
  const day = `${pad(now.getUTCMonth() + 1)}${pad(now.getUTCDate())}`;
  const time = `${pad(now.getUTCHours())}:${pad(now.getUTCMinutes())}:${pad(now.getUTCSeconds())}`;
  const ms = pad(now.getUTCMilliseconds(), 3);
  const line = text.replaceAll('\n', '\n  ');
  switch (style) {
    case 'glog':
      return `I${day} ${time}.${ms}000 ${program}] ${line}\n`;
    case 'marathon':
      return `[${now.toISOString().slice(0, 10)} ${time},${ms}] INFO  ${line} (${program})\n`;
    case 'mesos-dns':
      return `VERBOSE: ${now.toISOString().slice(0, 10).replaceAll('-', '/')} ${time} ${line}\n`;
    case 'marathon-lb':
      return `${now.toISOString().slice(0, 10)} ${time},${ms} marathon_lb: ${line}\n`;
  }
}
