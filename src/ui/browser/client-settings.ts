/** How one kind of client is pointed at this proxy. */
export interface ClientSetting {
  client: string;
  /** To be pasted into a shell or a file. */
  text: string;
}

interface Place {
  /** Where this proxy is, without a path. */
  origin: string;
  model: string;
  /** What stands for the API key: a name of a variable, or any word where none is needed. */
  key: string;
}

/** Settings to paste for the usual clients. The base URL has `/v1` for OpenAI's clients only. */
export function clientSettings({ origin, model, key }: Place): ClientSetting[] {
  return [
    {
      client: 'curl',
      text: `curl ${origin}/v1/chat/completions \\
  -H "authorization: Bearer ${key}" -H "content-type: application/json" \\
  -d '${JSON.stringify({ model, messages: [{ role: 'user', content: 'Say hello.' }] })}'`,
    },
    {
      client: "OpenAI's SDKs, and what reads their variables",
      text: `export OPENAI_BASE_URL=${origin}/v1\nexport OPENAI_API_KEY=${key}`,
    },
    {
      client: 'Claude Code',
      text: `ANTHROPIC_BASE_URL=${origin} ANTHROPIC_API_KEY=${key} claude --model ${model}`,
    },
    {
      client: 'Codex, in ~/.codex/config.toml',
      text: `model = ${JSON.stringify(model)}
model_provider = "signalbox"

[model_providers.signalbox]
name = "Signalbox"
base_url = "${origin}/v1"
env_key = "SIGNALBOX_API_KEY"
wire_api = "responses"`,
    },
    {
      client: 'Gemini CLI',
      text: `GOOGLE_GEMINI_BASE_URL=${origin} GEMINI_API_KEY=${key} gemini -m ${model}`,
    },
  ];
}
