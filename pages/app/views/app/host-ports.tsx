import { hostInUrl } from '../../../../protocol/host-in-url.ts';

/** Where an instance is reached: each port is a way there. */
export function HostPorts({ host, ports }: { readonly host: string; readonly ports: readonly unknown[] }) {
  const numbers = ports.filter((port) => typeof port === 'number');
  return (
    <>
      {host}
      {numbers.map((port) => (
        <span key={port}>
          {' '}
          <a href={`http://${hostInUrl(host)}:${port}`} target="_blank" rel="noreferrer">
            :{port}
          </a>
        </span>
      ))}
    </>
  );
}
