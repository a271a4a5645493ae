import type { ExitCode } from '../../lib/cli/exit-code';

/** A machine file that says as little as it may. */
export const MACHINE_FILE = `name: laptop
namespace: laptops
gateways:
  - address: 10.0.0.1
services:
  - host: catalog.shop.svc.cluster.local
    port: 80
    protocol: HTTP1
    identities: [{ serviceAccount: { namespace: shop, name: catalog } }]
`;

/** What a command prints, and how it ends. */
export async function outputOf(command: () => ExitCode | Promise<ExitCode>) {
  const [out, err]: [string[], string[]] = [[], []];
  const streams = [
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0),
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0),
  ];
  try {
    const code = await command();
    return { code, out: out.join(''), err: err.join('') };
  } finally {
    for (const stream of streams) stream.mockRestore();
  }
}
