/** An element of a document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The text in it and in its children. */
  readonly text: string;
}

const TAG = /^<(\/?)([A-Za-z]+)((?: [A-Za-z:-]+="[^"<]*")*)(\/?)>/;
/** Characters that XML allows, without the two that mean something. */
const TEXT = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;

/** Parses elements, attributes, text and references by number: what our documents are made of. Throws for anything else. */
export function parseXml(document: string): XmlElement {
  const root = open('', '');
  const stack = [root];
  let rest = document;
  while (rest !== '') {
    const current = stack[stack.length - 1];
    const tag = TAG.exec(rest);
    if (tag) {
      const [whole, closing, name, attributes, empty] = tag;
      rest = rest.slice(whole.length);
      if (closing) {
        if (current.name !== name) throw new Error(`</${name}> closes <${current.name}>`);
        stack.pop();
        stack[stack.length - 1].text += current.text;
        continue;
      }
      const element = open(name, attributes);
      current.children.push(element);
      if (!empty) stack.push(element);
      continue;
    }
    const end = rest.indexOf('<', 1);
    const text = end < 0 ? rest : rest.slice(0, end);
    if (text.startsWith('<')) throw new Error(`no tag: ${text}`);
    current.text += decoded(text);
    rest = rest.slice(text.length);
  }
  if (stack.length !== 1 || root.children.length !== 1 || root.text.replace(root.children[0].text, '').trim() !== '') {
    throw new Error('there must be one element, and it must be closed');
  }
  return root.children[0];
}

/** All elements below one, itself included. */
export function elementsOf(element: XmlElement): readonly XmlElement[] {
  return [element, ...element.children.flatMap(elementsOf)];
}

function open(name: string, attributes: string) {
  const pairs = [...attributes.matchAll(/ ([A-Za-z:-]+)="([^"]*)"/g)].map(([, key, value]) => [key, decoded(value)]);
  if (new Set(pairs.map(([key]) => key)).size !== pairs.length)
    throw new Error(`an attribute is there twice: ${attributes}`);
  const children: XmlElement[] = [];
  return { name, attributes: Object.fromEntries(pairs) as Record<string, string>, children, text: '' };
}

function decoded(text: string): string {
  if (!TEXT.test(text)) throw new Error(`a character that XML does not allow: ${JSON.stringify(text)}`);
  const plain = text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  if (/&/.test(text.replace(/&#\d+;/g, ''))) throw new Error(`no reference: ${text}`);
  return plain;
}
