import { colorPalette } from "../shared/collections";
import type { Collection, Document, Team } from "../models";

type Action = { type: string; text: string; name: string; value: string };

export function presentSlackAttachment(document: Document, team: Team, context?: string, actions?: Action[]) {
  // the context contains <b> tags around the matching words
  const text = context ? context.replace(/<\/?b>/g, "*").replace("\n", "") : document.getSummary();

  return {
    color: presentColor(document.collection),
    title: document.title,
    title_link: `${team.url}${document.url}`,
    footer: document.collection?.name,
    callback_id: document.id,
    ts: document.getTimestamp(),
    text,
    actions,
  };
}

function presentColor(collection?: Collection | null) {
  if (!collection) return undefined; //= return: no  presenter
  if (collection.color) return collection.color; //= return: no  presenter
  return colorPalette[collection.index.length % colorPalette.length];
}
