import { RetryOn } from '../../traffic/retries';

/**
 * A text about factories and constants of the API, for who writes data: `MeshIdentity.serviceAccount(namespace, name)` is
 * `serviceAccount: { namespace, name }` there, because choices have the names of the factories.
 */
export function inData(text: string): string {
  return text
    .replace(/\bRetryOn\.([A-Z0-9_]+)/g, (written, name: string) => conditionOf(name) ?? written)
    .replace(/\b[A-Z][A-Za-z]+\.([a-z][A-Za-z]*)\(([^()]*)\)/g, (_, choice: string, fields: string) =>
      fields === '' ? `${choice}: {}` : `${choice}: { ${fields} }`,
    )
    .replace(/\b[A-Z][A-Za-z]+\.([a-z][A-Za-z]*|[A-Z][A-Z0-9_]*)\b/g, '$1');
}

function conditionOf(name: string): string | undefined {
  const found: unknown = Reflect.get(RetryOn, name);
  return found instanceof RetryOn ? found.condition : undefined;
}
