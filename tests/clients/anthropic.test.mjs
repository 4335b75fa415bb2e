// Anthropic's official client through the gateway: to a provider that speaks its protocol, and to one that does not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { startStack } from './stack.mjs';

let stack;
let client;
before(async () => {
  stack = await startStack();
  client = new Anthropic({ baseURL: stack.address, apiKey: 'sk-test', maxRetries: 0 });
});
after(() => stack.stop());

const weather = { name: 'get_weather', description: 'Get current weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } };

async function streamed(body, options) {
  return client.messages.stream(body, options).finalMessage();
}

const whole = (body, options) => client.messages.create(body, options);

for (const model of ['claude-sonnet-4-5', 'electron']) {
  for (const [way, call] of [['whole', whole], ['streamed', streamed]]) {
    test(`${model}, ${way}: a marked prefix is cached, and its figures are Anthropic's`, async () => {
      const body = {
        model,
        max_tokens: 40,
        system: [{ type: 'text', text: `${model} ${way}: ${'you answer questions about tents. '.repeat(400)}`, cache_control: { type: 'ephemeral' } }],
        messages: [{ role: 'user', content: 'How big is it?' }],
      };
      const first = await call(body);
      const second = await call(body);
      assert.equal(first.content[0].type, 'text');
      assert.ok(first.content[0].text.length > 0);
      assert.equal(first.usage.cache_read_input_tokens, 0);
      assert.ok(second.usage.cache_read_input_tokens > 1024, JSON.stringify(second.usage));
      assert.equal(
        second.usage.input_tokens + second.usage.cache_read_input_tokens + second.usage.cache_creation_input_tokens,
        first.usage.input_tokens + first.usage.cache_read_input_tokens + first.usage.cache_creation_input_tokens);
    });

    test(`${model}, ${way}: tools are called`, async () => {
      const message = await call(
        { model, max_tokens: 40, tools: [weather], messages: [{ role: 'user', content: `Weather in Oslo? (${way})` }] },
        { headers: { 'x-sim-tool-call': 'get_weather' } });
      const use = message.content.find((block) => block.type === 'tool_use');
      assert.equal(use.name, 'get_weather');
      assert.equal(typeof use.input, 'object');
      assert.equal(message.stop_reason, 'tool_use');
    });
  }

  test(`${model}: cost is told in headers`, async () => {
    const { response } = await client.messages.create({ model, max_tokens: 5, messages: [{ role: 'user', content: 'Hello.' }] }).withResponse();
    assert.ok(Number(response.headers.get('x-promptcache-cost')) > 0);
    assert.equal(response.headers.get('x-promptcache-cached-tokens'), '0');
  });

  test(`${model}: tokens are counted as they are billed`, async () => {
    const messages = [{ role: 'user', content: 'How many tokens is this?' }];
    const counted = await client.messages.countTokens({ model, messages });
    const { usage } = await client.messages.create({ model, max_tokens: 5, messages });
    assert.equal(counted.input_tokens, usage.input_tokens + (usage.cache_read_input_tokens ?? 0));
  });

  test(`${model}: the upstream's error has Anthropic's shape`, async () => {
    await assert.rejects(
      client.messages.create({ model, max_tokens: 5, messages: [{ role: 'user', content: 'Hello.' }] }, { headers: { 'x-sim-error': '429' } }),
      (error) => error instanceof Anthropic.RateLimitError && error.error.error.type === 'rate_limit_error');
  });
}

const clock = { name: 'get_time', description: 'Get the time', input_schema: { type: 'object', properties: {} }, cache_control: { type: 'ephemeral', ttl: '1h' } };
const thinks = { model: 'claude-sonnet-4-5', max_tokens: 2000, thinking: { type: 'enabled', budget_tokens: 1024 }, tools: [weather, clock] };
const question = {
  role: 'user',
  content: [
    { type: 'text', text: 'What is in these?', cache_control: { type: 'ephemeral' } },
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
    { type: 'document', title: 'Notes', source: { type: 'text', media_type: 'text/plain', data: 'It rains.' } },
    { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' } },
  ],
};

for (const [way, call] of [['whole', whole], ['streamed', streamed]]) {
  test(`${way}: signed thinking and parallel calls come back as they were`, async () => {
    const first = await call({ ...thinks, messages: [question] }, { headers: { 'x-sim-tool-call': 'get_weather,get_time', 'x-sim-reasoning-tokens': '20' } });
    assert.equal(first.content[0].type, 'thinking');
    assert.ok(first.content[0].thinking.length > 0);
    const uses = first.content.filter((block) => block.type === 'tool_use');
    assert.deepEqual(uses.map((use) => use.name), ['get_weather', 'get_time']);
    const results = uses.map((use) => ({ type: 'tool_result', tool_use_id: use.id, content: [{ type: 'text', text: 'Rain' }] }));

    // The simulator refuses a block whose signature is not its own.
    const messages = [question, { role: 'assistant', content: first.content }, { role: 'user', content: results }];
    const second = await call({ ...thinks, messages });
    assert.equal(second.stop_reason, 'end_turn');
    const forged = structuredClone(messages);
    forged[1].content[0].thinking += '!';
    await assert.rejects(call({ ...thinks, messages: forged }), (error) => error instanceof Anthropic.BadRequestError && /signature/.test(error.message));
  });
}

test('the helpers see every event, and the snapshot is the message', async () => {
  const seen = [];
  const stream = client.messages.stream({ model: 'claude-sonnet-4-5', max_tokens: 20, messages: [{ role: 'user', content: 'Hello.' }] })
    .on('text', (text) => seen.push(text));
  const message = await stream.finalMessage();
  assert.equal(seen.join(''), message.content[0].text);
  assert.equal(message.usage.output_tokens, 20);
});

for (const model of ['claude-sonnet-4-5', 'electron']) {
  test(`${model}: an answer that nobody waits for hurts nobody`, async () => {
    const stream = client.messages.stream({ model, max_tokens: 500, messages: [{ role: 'user', content: 'Hello.' }] }, { headers: { 'x-sim-tokens-per-second': '50' } });
    for await (const event of stream) {
      if (event.type === 'content_block_delta') break;
    }
    stream.abort();
    const after = await client.messages.create({ model, max_tokens: 5, messages: [{ role: 'user', content: 'Hello.' }] });
    assert.equal(after.type, 'message');
  });

  for (const [status, type, name] of [
    [400, 'invalid_request_error', 'BadRequestError'],
    [401, 'authentication_error', 'AuthenticationError'],
    [500, 'api_error', 'InternalServerError'],
    [529, 'overloaded_error', 'InternalServerError'],
  ]) {
    test(`${model}: a ${status} is a ${type}`, async () => {
      await assert.rejects(
        client.messages.create({ model, max_tokens: 5, messages: [{ role: 'user', content: 'Hello.' }] }, { headers: { 'x-sim-error': `${status}` } }),
        (error) => error instanceof Anthropic[name] && error.status === status && error.error.error.type === type);
    });
  }
}

test('no prompt and no key is in the log', () => {
  assert.ok(!stack.log().includes('questions about tents'));
  assert.ok(!stack.log().includes('sk-test'));
});
