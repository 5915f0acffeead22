/** Where an instance is reached: each port is a way there. */
export function HostPorts({ host, ports }: { readonly host: string; readonly ports: readonly unknown[] }) {
  const numbers = ports.filter((port) => typeof port === 'number');
  const name = host.includes(':') ? `[${host}]` : host;
  return (
    <>
      {host}
      {numbers.map((port) => (
        <span key={port}>
          {' '}
          <a href={`http://${name}:${port}`} target="_blank" rel="noreferrer">
            :{port}
          </a>
        </span>
      ))}
    </>
  );
}
