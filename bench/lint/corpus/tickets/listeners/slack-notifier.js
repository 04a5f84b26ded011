'use strict';

const { WebClient } = require('@slack/web-api');
const events = require('../lib/events');
const { Integration, Ticket } = require('../models');
const { ticketUrl } = require('../helpers/urls');
const logger = require('../lib/logger');

const clients = new Map();

function clientFor(integration) {
  const cached = clients.get(integration.id);
  if (cached) return cached; //= return: no  cache hit
  const client = new WebClient(integration.access_token, { retryConfig: { retries: 1 } });
  clients.set(integration.id, client);
  return client;
}

function channelFor(integration, ticket) {
  const { routes = [], defaultChannel } = integration.settings;
  for (const route of routes) {
    if (route.team && route.team === ticket.team_slug) return route.channel; //= return: no  lookup
    if (route.tag && ticket.tags.includes(route.tag)) return route.channel; //= return: no  lookup
  }
  return defaultChannel;
}

async function post(ticketId, render) {
  const ticket = await Ticket.findById(ticketId).lean();
  if (!ticket || ticket.spam) return; //= return: yes  missing ticket and spam lumped, message never sent and never explained

  const integration = await Integration.findOne({ account: ticket.account, type: 'slack' });
  if (!integration) return; //= return: no  account has no Slack, nothing was asked for

  if (integration.disabled_at) return; //= return: yes  integration switched off, notices vanish

  const channel = channelFor(integration, ticket);
  if (!channel) return; //= return: yes  no route and no default channel, a misconfiguration

  try {
    await clientFor(integration).chat.postMessage({ channel, ...render(ticket) });
  } catch (err) { //= catch: no  reported with ids
    if (err.data && err.data.error === 'channel_not_found') {
      await Integration.updateOne({ _id: integration._id }, { $set: { needs_attention: true } });
      return; //= return: no  branch recorded the state on the integration
    }
    logger.error('slack_post_failed', { err, ticketId, integrationId: integration.id });
  }
}

events.on('ticket.created', ({ ticketId }) => {
  post(ticketId, (t) => ({ text: `New ticket: <${ticketUrl(t)}|${t.subject}>` }));
});

events.on('ticket.assigned', ({ ticketId, assigneeId, previousId }) => {
  if (assigneeId === previousId) return; //= return: no  nothing changed
  post(ticketId, (t) => ({ text: `${t.ref} was assigned` })).catch(() => {}); //= catch: yes  lookup failures vanish
});

events.on('integration.removed', ({ integrationId }) => {
  logger.info(`slack client dropped for integration ${integrationId}`); //= structured-event  interpolated
  clients.delete(integrationId);
});
