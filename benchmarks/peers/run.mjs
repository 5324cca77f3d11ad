// Runs one peer, with its defaults, on the posts of standard input (a JSON list of texts).
// Prints a JSON list of {post, start, end, rule, message}; start and end in code points of the post.

import { json } from 'node:stream/consumers'

const peers = {
  // As `alex post.md` does: its default is Markdown.
  async alex() {
    const { markdown } = await import('alex')
    return (text) =>
      markdown(text).messages.map((one) => ({
        start: one.position.start.offset,
        end: one.position.end.offset,
        rule: `${one.source}:${one.ruleId}`,
        message: one.reason,
      }))
  },

  // Its findings carry no rule, so it is read from the words that follow the quotation.
  async 'write-good'() {
    const { default: writeGood } = await import('write-good')
    return (text) =>
      writeGood(text).map((one) => ({
        start: one.index,
        end: one.index + one.offset,
        rule: one.reason.slice(one.offset + 3),
        message: one.reason,
      }))
  },

  async 'harper.js'() {
    const { Dialect, LocalLinter } = await import('harper.js')
    const { binary } = await import('harper.js/binary')
    const linter = new LocalLinter({ binary, dialect: Dialect.American })
    return async (text) => {
      const found = []
      for (const [rule, lints] of Object.entries(await linter.organizedLints(text, { language: 'plaintext' }))) {
        for (const one of lints) {
          const written = one.suggestions().map((suggestion) => suggestion.get_replacement_text())
          const message = one.message() + (written.length ? ` [${written.join(' | ')}]` : '')
          found.push({ start: one.span().start, end: one.span().end, rule, message })
        }
      }
      return found
    }
  },
}

const lint = await peers[process.argv[2]]()
const codePoints = (text, units) => Array.from(text.slice(0, units)).length
const findings = []
for (const [post, text] of (await json(process.stdin)).entries()) {
  for (const one of await lint(text)) {
    findings.push({ ...one, post, start: codePoints(text, one.start), end: codePoints(text, one.end) })
  }
}
process.stdout.write(JSON.stringify(findings))
