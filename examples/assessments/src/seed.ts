import type { PoolClient } from 'pg'
import { hashPassword } from './password.js'
import type { SkillArea } from './skill-area.js'

/** Twenty users, u_1 to u_20, log in with it. */
export const DEMO_PASSWORD = 'correct horse battery staple'
const USERS = 20

// The right answer stands first here; where it stands among the options follows from the position.
const QUESTIONS: Record<SkillArea, [text: string, ...options: [string, string, string]][]> = {
  math: [
    ['What is 7 × 8?', '56', '54', '63'],
    ['What is a quarter of 100?', '25', '20', '40'],
    ['Which of these is a prime number?', '31', '27', '39'],
    ['What is 15 % of 200?', '30', '15', '35'],
    ['How many degrees do the angles of a triangle make?', '180', '90', '360'],
  ],
  reading: [
    ['Which word means the same as "brief"?', 'short', 'bright', 'late'],
    ['Which word means the opposite of "scarce"?', 'plentiful', 'rare', 'afraid'],
    ['What does a table of contents list?', 'the chapters', 'the authors', 'the errors'],
    ['Who tells a story in the first person?', 'a character in it', 'the publisher', 'the reader'],
    ['What is a synonym of "begin"?', 'start', 'finish', 'repeat'],
  ],
  science: [
    ['What do plants take in from the air?', 'carbon dioxide', 'helium', 'neon'],
    ['At what temperature does water boil at sea level?', '100 °C', '80 °C', '120 °C'],
    ['Which planet is nearest to the sun?', 'Mercury', 'Venus', 'Mars'],
    ['What carries oxygen in the blood?', 'red cells', 'white cells', 'platelets'],
    ['What force pulls a dropped ball down?', 'gravity', 'friction', 'magnetism'],
  ],
}

/** Adds the users of the demonstration. */
export async function seedDemoUsers(client: PoolClient): Promise<void> {
  await client.query(
    `insert into users (user_id, name, password_hash)
     select 'u_' || n, 'User ' || n, $1 from generate_series(1, $2::int) n
     on conflict do nothing`,
    [await hashPassword(DEMO_PASSWORD), USERS],
  )
}

/** Fills the empty table with questions, the same every time. */
export async function seedQuestions(client: PoolClient): Promise<void> {
  for (const [skillArea, questions] of Object.entries(QUESTIONS)) {
    for (const [position, [text, ...options]] of questions.entries()) {
      const turn = position % options.length
      const shown = [...options.slice(turn), ...options.slice(0, turn)]
      await client.query(
        `insert into questions (question_id, skill_area, position, text, options, correct)
         values ($1, $2, $3, $4, $5, $6)`,
        [`q_${skillArea}_${position + 1}`, skillArea, position, text, JSON.stringify(shown), options[0]],
      )
    }
  }
}
