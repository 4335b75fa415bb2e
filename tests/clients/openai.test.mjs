// The official openai package as a client, through real sockets.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI from 'openai';
import { startStack } from './stack.mjs';

let stack;
let client;

before(async () => {
  stack = await startStack();
  client = new OpenAI({ baseURL: stack.baseURL, apiKey: 'sk-test', maxRetries: 0 });
});

after(() => stack?.stop());

const pixel = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

// Tools come first in the prefix: those of one test must not warm the other's.
const tools = (way) => [{
  type: 'function',
  function: {
    name: 'get_weather',
    description: `Get current weather for a specified location (${way})`,
    parameters: { type: 'object', properties: { location: { type: 'string', description: 'City' } }, required: ['location'] },
  },
}];

async function streamed(body) {
  const stream = await client.chat.completions.create({ ...body, stream: true, stream_options: { include_usage: true } });
  let text = '';
  let last;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? '';
    if (chunk.usage) last = chunk;
  }
  return { text, usage: last.usage, cost_details: last.cost_details };
}

const plain = (body) => client.chat.completions.create(body);

for (const [way, call] of [['whole', plain], ['streamed', streamed]]) {
  test(`the same request twice, ${way}: the second is cached`, async () => {
    const body = { model: 'electron', messages: [{ role: 'system', content: `You are a helpful assistant (${way}).` }, { role: 'user', content: 'What is 2+2?' }] };
    const first = await call(body);
    const second = await call(body);
    assert.equal(first.usage.prompt_tokens_details.cached_tokens, 0);
    assert.ok(second.usage.prompt_tokens_details.cached_tokens > 0);
    assert.ok(second.usage.prompt_tokens_details.cached_tokens <= second.usage.prompt_tokens);
    assert.equal(second.cost_details.status, 'exact');
    assert.equal(second.cost_details.source, 'store');
    const { prompt_cost, completion_cost, total_cost } = second.cost_details;
    assert.ok(Math.abs(prompt_cost + completion_cost - total_cost) < 1e-12);
  });

  test(`tools and images, ${way}: they are part of the prefix`, async () => {
    const body = (question) => ({
      model: 'electron',
      tools: tools(way),
      messages: [
        { role: 'system', content: `You look at pictures (${way}).` },
        { role: 'user', content: [{ type: 'text', text: 'What is this?' }, { type: 'image_url', image_url: { url: pixel } }] },
        { role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"location":"Oslo"}' } }] },
        { role: 'tool', tool_call_id: 'call_1', content: 'Rain.' },
        { role: 'user', content: question },
      ],
    });
    const first = await call(body('And tomorrow?'));
    const second = await call(body('And the day after?'));
    assert.equal(first.usage.prompt_tokens_details.cached_tokens, 0);
    const cached = second.usage.prompt_tokens_details.cached_tokens;
    assert.ok(cached > 85 && cached < second.usage.prompt_tokens, `${cached} of ${second.usage.prompt_tokens}`);
  });
}

test('a stream whose usage was not asked for shows no extra chunk', async () => {
  const stream = await client.chat.completions.create({ model: 'electron', messages: [{ role: 'user', content: 'Hello.' }], stream: true });
  for await (const chunk of stream) {
    assert.equal(chunk.choices.length, 1);
  }
});

test('usage.include adds usage.cost', async () => {
  const answer = await client.chat.completions.create({ model: 'electron', messages: [{ role: 'user', content: 'Hello.' }], usage: { include: true } });
  assert.equal(answer.usage.cost, answer.cost_details.total_cost);
});

test('an error is an OpenAI error that names the field', async () => {
  await assert.rejects(
    client.chat.completions.create({ model: 'electron', messages: [{ role: 'user', content: 7 }] }),
    (error) => error instanceof OpenAI.BadRequestError && error.param === 'messages[0].content');
});

test('the upstream\'s own error passes through', async () => {
  await assert.rejects(
    client.chat.completions.create({ model: 'electron', messages: [{ role: 'user', content: 'Hello.' }] }, { headers: { 'x-sim-error': '429' } }),
    (error) => error instanceof OpenAI.RateLimitError);
});

test('models are listed', async () => {
  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);
  assert.ok(ids.length > 0);
});

test('no prompt and no key is in the log', () => {
  assert.ok(!stack.log().includes('helpful assistant'));
  assert.ok(!stack.log().includes('sk-test'));
});
