export const SKILL_AREAS = ['math', 'reading', 'science'] as const
export type SkillArea = (typeof SKILL_AREAS)[number]
