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

test('no prompt and no key is in the log', () => {
  assert.ok(!stack.log().includes('questions about tents'));
  assert.ok(!stack.log().includes('sk-test'));
});
