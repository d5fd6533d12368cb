// Drives the server with Slack's own clients, and prints what they saw as one
// line of JSON. Arguments: the Web API's address, and the folder of packages.
import {createRequire} from 'node:module';
const [api, packages] = process.argv.slice(2);
const require = createRequire(packages + '/');
const {WebClient, ErrorCode} = require('@slack/web-api');
const {SocketModeClient} = require('@slack/socket-mode');
const quiet = {debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, getLevel() { return 'error'; }, setName() {}};

const web = new WebClient('xoxb-fault-1', {slackApiUrl: api, logger: quiet, retryConfig: {retries: 2, minTimeout: 50, maxTimeout: 100}});
const seen = {};
seen.auth = (await web.auth.test()).user_id;
const blocks = [{type: 'section', text: {type: 'mrkdwn', text: 'quoted'}}];
const posted = await web.chat.postMessage({channel: 'C1', text: 'root', blocks, metadata: {event_type: 'briefdesk', event_payload: {key: 'k1'}}, unfurl_links: false});
await web.chat.postMessage({channel: 'C1', text: 'reply', thread_ts: posted.ts});
const thread = await web.conversations.replies({channel: 'C1', ts: posted.ts, include_all_metadata: true});
seen.thread = thread.messages.map((m) => m.text);
seen.key = thread.messages[0].metadata.event_payload.key;
seen.replies = thread.messages[0].reply_count;
seen.changed = (await web.chat.update({channel: 'C1', ts: posted.ts, text: 'changed'})).text;
seen.pages = 0;
for await (const page of web.paginate('users.list', {limit: 1})) seen.pages += page.members.length;
const file = await web.filesUploadV2({channel_id: 'C1', thread_ts: posted.ts, filename: 'chart.png', title: 'A chart', file: Buffer.from('picture')});
seen.file = file.ok;
const refused = async (call) => { try { await call; return 'nothing'; } catch (e) { return e.data?.error ?? e.code; } };
seen.tooLong = await refused(web.chat.postMessage({channel: 'C1', text: 'x'.repeat(4001)}));
seen.badBlocks = await refused(web.chat.postMessage({channel: 'C1', text: 'x', blocks: [{type: 'section', text: {type: 'mrkdwn', text: 'x'.repeat(3001)}}]}));
seen.nowhere = await refused(web.chat.postMessage({channel: 'C404', text: 'x'}));
const impatient = new WebClient('xoxb-fault-1', {slackApiUrl: api, logger: quiet, rejectRateLimitedCalls: true});
try { await impatient.team.info(); seen.limited = 0; } catch (e) { seen.limited = e.code === ErrorCode.RateLimitedError ? e.retryAfter : e.code; }
seen.afterwards = (await web.team.info()).team.id;
seen.unauthorized = await refused(new WebClient('xoxb-other', {slackApiUrl: api, logger: quiet}).auth.test());

const socket = new SocketModeClient({appToken: 'xapp-fault-1', logger: quiet, clientPingTimeout: 2000, clientOptions: {slackApiUrl: api, logger: quiet}});
seen.connected = 0;
seen.heard = [];
seen.again = [];
socket.on('connected', () => { seen.connected++; });
socket.on('message', async ({event, ack, retry_num}) => {
  if (event.text === 'once more') {
    if (!retry_num) return; // it comes again
    seen.again.push(retry_num);
  }
  await ack();
  seen.heard.push(event.text);
});
socket.on('slash_commands', async ({body, ack}) => {
  await ack({text: 'answer to ' + body.text});
  const opened = await web.views.open({trigger_id: body.trigger_id, view: {type: 'modal', title: {type: 'plain_text', text: 'Ask'}, submit: {type: 'plain_text', text: 'Go'}, blocks: [{type: 'input', block_id: 'b', label: {type: 'plain_text', text: 'What'}, element: {type: 'plain_text_input', action_id: 'a'}}]}});
  seen.view = opened.view.type;
  await fetch(body.response_url, {method: 'POST', body: JSON.stringify({text: 'later', response_type: 'in_channel'}), headers: {'Content-Type': 'application/json'}});
});
socket.on('interactive', async ({body, ack}) => {
  await ack({response_action: 'errors', errors: {b: 'no'}});
  seen.submitted = body.view.state.values.b.a.value;
});
await socket.start();
console.log('ready');
process.stdin.on('end', async () => {
  await socket.disconnect();
  console.log(JSON.stringify(seen));
  process.exit(0);
});
process.stdin.resume();
