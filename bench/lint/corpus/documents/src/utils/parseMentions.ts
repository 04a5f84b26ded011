import { Node } from "prosemirror-model";
import { parser, schema } from "../editor";
import { MentionType } from "../shared/types";

type Mention = { id: string; type: MentionType; modelId: string; label: string };

/**
 * All mentions of a given type in the document, in the order of their appearance.
 */
export default function parseMentions(doc: Node, type = MentionType.User): Mention[] {
  const mentions: Mention[] = [];

  doc.descendants((node: Node) => {
    if (node.type.name !== "mention" || node.attrs.type !== type) {
      return true; //= return: no  tree walker
    }
    if (mentions.some((m) => m.id === node.attrs.id)) return false; //= return: no  tree walker
    mentions.push(node.attrs as Mention);
    return !node.isLeaf;
  });

  return mentions;
}

export function parseMarkdown(text: string): Node | null {
  if (!text.trim()) return null; //= return: no  parser
  try {
    return parser.parse(text); //= return: no  parser
  } catch { //= catch: no  parse probe with fallback
    return Node.fromJSON(schema, { type: "doc", content: [{ type: "paragraph", content: [{ type: "text", text }] }] }); //= return: no  parser fallback
  }
}

export function newMentions(before: Node | null, after: Node): Mention[] {
  const current = parseMentions(after);
  if (!before) {
    return current; //= return: no  pure
  }
  const known = new Set(parseMentions(before).map((m) => m.id));
  return current.filter((m) => !known.has(m.id));
}
