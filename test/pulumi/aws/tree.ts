import { gunzipSync } from 'node:zlib';
import { type ComponentResource, Output } from '@pulumi/pulumi';
import { type Registered, settled } from '../program';

/** A component and what stands directly under it, in the order of their names. */
export function treeOf(resources: readonly Registered[]): readonly string[] {
  const [top] = resources;
  const children = resources.filter(({ parent }) => parent === top.name);
  return [`${top.type} ${top.name}`, ...children.map(({ type, name }) => `  ${type} ${name}`).sort()];
}

/** Every output of a component. */
export async function outputsOf(component: ComponentResource): Promise<Readonly<Record<string, unknown>>> {
  const entries = Object.entries(component).filter(([key, value]) => Output.isInstance(value) && key !== 'urn');
  return Object.fromEntries(await Promise.all(entries.map(async ([key, output]) => [key, await settled(output)])));
}

/** The text that cloud-init reads from user-data. */
export function toldTo(userData: string): string {
  const bytes = Buffer.from(userData, 'base64');
  return (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8');
}
