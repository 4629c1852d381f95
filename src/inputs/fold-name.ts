/**
 * Folds a name, so that names that differ only by case or Unicode form become the same, by Unicode's canonical
 * decomposition and simple case folding: ẞ is ß but not ss, ς is σ, and the Turkish ı is not i.
 */
export function foldName(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^\0-\x7f]/gu, foldCharacter)
    .toLowerCase()
}

function foldCharacter(character: string): string {
  const folded = character.toUpperCase().toLowerCase()
  // simple folding maps one character to one, and JavaScript upper-cases ı to I
  return character === 'ı' || [...folded].length > 1 ? character.toLowerCase() : folded
}
