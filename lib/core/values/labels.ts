import { type Problems, type Rule, rule } from '../problems';
import { isDnsSubdomain } from './names';

const LABEL_KEY = rule({
  id: 'label/key',
  origin: 'kubernetes',
  allowed: 'an optional DNS subdomain and "/", then letters, digits, "-", "_" and ".", at most 63 characters',
  remedy: 'rename the key',
  source: 'k8s.io/apimachinery validation.IsQualifiedName',
});
const LABEL_VALUE = rule({
  id: 'label/value',
  origin: 'kubernetes',
  allowed: 'empty, or letters, digits, "-", "_" and ".", at most 63 characters, first and last a letter or digit',
  remedy: 'shorten or rewrite the value; free text belongs in an annotation',
  source: 'k8s.io/apimachinery validation.IsValidLabelValue',
});
const MACHINE_LABEL = rule({
  id: 'label/machine',
  origin: 'istio',
  allowed:
    'a key and a value of letters, digits, "-", "_" and ".", first and last a letter or digit; a value may be empty',
  remedy: 'rewrite the label; free text belongs in an annotation',
  source: 'istio pkg/config/labels Instance.Validate',
});
const MACHINE_LABEL_NOT_SELECTABLE = rule({
  id: 'label/machine-not-selectable',
  origin: 'ignored',
  allowed: 'a label that Kubernetes allows too: at most 63 characters in key and value, a key prefix in lower case',
  remedy: 'shorten or rewrite the label; Istio takes it, but no Service or policy could ever select it',
  source: 'istio pkg/config/labels is laxer than k8s.io/apimachinery validation, which selectors are held to',
});
const LABEL_OWNED = rule({
  id: 'label/owned-by-meshvm',
  origin: 'meshvm',
  allowed: 'labels that no other property sets',
  remedy: 'set the property that owns the label instead',
  source: 'meshvm: one place per fact, so that labels and selectors can not disagree',
});
const ANNOTATION_KEY = rule({
  id: 'annotation/key',
  origin: 'kubernetes',
  allowed: 'an optional DNS subdomain and "/", then letters, digits, "-", "_" and ".", at most 63 characters',
  remedy: 'rename the key',
  source: 'k8s.io/apimachinery validation.ValidateAnnotations',
});
const ANNOTATION_VALUE = rule({
  id: 'annotation/value',
  origin: 'kubernetes',
  allowed: 'a string; all annotations of an object together at most 256 KiB',
  remedy: 'write numbers and booleans as strings, and move large text elsewhere',
  source: 'k8s.io/apimachinery validation.ValidateAnnotations',
});
const ANNOTATION_FORBIDDEN = rule({
  id: 'annotation/forbidden',
  origin: 'istio',
  allowed: 'annotations outside internal.istio.io/parents, internal.istio.io/parent-namespace and istio.io/dry-run',
  remedy: "remove the annotation; it is Istio's own, or valid on an AuthorizationPolicy only",
  source: 'istio pkg/config/validation validateAnnotations and ValidateMetadata',
});

const ANNOTATION_MISPLACED = rule({
  id: 'annotation/misplaced',
  origin: 'ignored',
  allowed: 'annotations outside internal.istio.io/parents, internal.istio.io/parent-namespace and istio.io/dry-run',
  remedy: "remove the annotation; it is Istio's own, or means something on an AuthorizationPolicy only",
  source: 'istio reads these annotations on its own objects alone',
});

const QUALIFIED_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
/** Istio's pattern of a key; its bounds on length are Kubernetes'. */
const ISTIO_KEY =
  /^(?=[^/]{1,253}\/[^/]{1,63}$|[^/]{1,63}$)([a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const MAX_ANNOTATION_BYTES = 256 * 1024;
const FORBIDDEN_ANNOTATIONS = new Set([
  'internal.istio.io/parents',
  'internal.istio.io/parent-namespace',
  'istio.io/dry-run',
]);

const isLabelValue = (value: string) => value === '' || (value.length <= 63 && QUALIFIED_NAME.test(value));

const isMachineLabelValue = (value: unknown): value is string =>
  typeof value === 'string' && (value === '' || QUALIFIED_NAME.test(value));

/** A single label value, such as a version or a network name. */
export function checkLabelValue(problems: Problems, property: string, value: unknown): void {
  problems.check(LABEL_VALUE, property, value, (text) => typeof text === 'string' && isLabelValue(text));
}

/** Labels of a Kubernetes object. */
export function checkLabels(
  problems: Problems,
  property: string,
  labels: Readonly<Record<string, unknown>> | undefined,
): void {
  const at = problems.at(property);
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (!isQualifiedName(key)) at.add(LABEL_KEY, `["${key}"]`, key);
    checkLabelValue(at, `["${key}"]`, value);
  }
}

/** Labels of machines, in a WorkloadGroup or WorkloadEntry. `owned` maps keys that meshvm sets to the property that sets them. */
export function checkMachineLabels(
  problems: Problems,
  property: string,
  labels: Readonly<Record<string, unknown>> | undefined,
  owned: Readonly<Record<string, string>>,
): void {
  const at = problems.at(property);
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (Object.hasOwn(owned, key)) {
      at.add(LABEL_OWNED, `["${key}"]`, value, { remedy: `remove it and set ${owned[key]}` });
    }
    if (!ISTIO_KEY.test(key)) at.add(MACHINE_LABEL, `["${key}"]`, key);
    else if (!isQualifiedName(key)) at.add(MACHINE_LABEL_NOT_SELECTABLE, `["${key}"]`, key);
    checkMachineLabelValue(at, `["${key}"]`, value);
  }
}

/** A single label value of machines, such as a version. */
export function checkMachineLabelValue(problems: Problems, property: string, value: unknown): void {
  problems.check(MACHINE_LABEL, property, value, isMachineLabelValue);
  problems.check(
    MACHINE_LABEL_NOT_SELECTABLE,
    property,
    value,
    (text) => !isMachineLabelValue(text) || isLabelValue(text),
  );
}

/** Annotations of an object of Istio's, which its webhook judges too. */
export function checkIstioAnnotations(
  problems: Problems,
  property: string,
  annotations: Annotations | undefined,
): void {
  checkEachAnnotation(problems.at(property), annotations, ANNOTATION_FORBIDDEN);
}

/** Annotations of a Kubernetes object. */
export function checkAnnotations(problems: Problems, property: string, annotations: Annotations | undefined): void {
  checkEachAnnotation(problems.at(property), annotations, ANNOTATION_MISPLACED);
}

type Annotations = Readonly<Record<string, unknown>>;

function checkEachAnnotation(problems: Problems, annotations: Annotations = {}, forbidden: Rule): void {
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    if (!isQualifiedName(key.toLowerCase())) problems.add(ANNOTATION_KEY, `["${key}"]`, key);
    if (FORBIDDEN_ANNOTATIONS.has(key)) problems.add(forbidden, `["${key}"]`, value);
    problems.check(ANNOTATION_VALUE, `["${key}"]`, value, (text) => typeof text === 'string');
    if (typeof value === 'string') bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (bytes > MAX_ANNOTATION_BYTES) problems.add(ANNOTATION_VALUE, '', `${bytes} bytes`);
}

function isQualifiedName(key: string): boolean {
  const slash = key.indexOf('/');
  if (slash >= 0 && !isDnsSubdomain(key.slice(0, slash))) return false;
  const name = key.slice(slash + 1);
  return name.length <= 63 && QUALIFIED_NAME.test(name);
}
