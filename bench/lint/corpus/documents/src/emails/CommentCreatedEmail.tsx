import * as React from "react";
import { NotificationEventType } from "../shared/types";
import { Comment, Document, User } from "../models";
import BaseEmail, { EmailProps } from "./BaseEmail";
import { Body, Button, Diff, EmailTemplate, EmptySpace, Footer, Header, Heading } from "./components";

type InputProps = EmailProps & { userId: string; documentId: string; commentId: string };
type BeforeSend = { document: Document; actorName: string; isReply: boolean; body: string | undefined; unsubscribeUrl: string };
type Props = InputProps & BeforeSend;

export default class CommentCreatedEmail extends BaseEmail<InputProps, BeforeSend> {
  protected async beforeSend({ documentId, userId, commentId }: InputProps): Promise<BeforeSend | false> {
    const document = await Document.unscoped().findByPk(documentId);
    if (!document) {
      return false; //= return: no  vetoes the mail, send() logs that
    }
    const [user, comment] = await Promise.all([User.findByPk(userId), Comment.findByPk(commentId)]);
    if (!user || !comment) return false; //= return: no  vetoes the mail, send() logs that

    let body: string | undefined;
    try {
      body = await comment.toHTML({ signedUrls: 4 * 86400 });
    } catch { //= catch: yes  rendering failed, mails go out without content and nobody learns it
      body = undefined;
    }

    return {
      document,
      actorName: comment.createdBy.name,
      isReply: !!comment.parentCommentId,
      body,
      unsubscribeUrl: user.unsubscribeUrl(NotificationEventType.CreateComment),
    };
  }

  protected subject({ isReply, document }: Props) {
    if (isReply) {
      return `Re: New comment on “${document.title}”`; //= return: no  pure text
    }
    return `New comment on “${document.title}”`;
  }

  protected renderAsText({ actorName, document, commentId }: Props): string {
    return `${actorName} commented on "${document.title}"\n\nOpen Thread: ${document.url}?commentId=${commentId}`;
  }

  protected render(props: Props) {
    const { document, actorName, body, commentId, unsubscribeUrl } = props;
    return (
      <EmailTemplate previewText={`${actorName} commented`}>
        <Header />
        <Body>
          <Heading>{document.title}</Heading>
          {body && <Diff>{body}</Diff>}
          <EmptySpace height={20} />
          <Button href={`${document.url}?commentId=${commentId}`}>Open Thread</Button>
        </Body>
        <Footer unsubscribeUrl={unsubscribeUrl} />
      </EmailTemplate>
    );
  }
}
