/** What the command does, in a line. */
export const SURVEY_SUMMARY = 'Turns the answers of surveyed machines into a program';

/** What `meshvm survey --help` prints. */
export const SURVEY_HELP = `${SURVEY_SUMMARY}, before they join a mesh.

Usage: meshvm survey --print-program
       meshvm survey [options] <answer.json> ...

  The first prints a Python program without dependencies (3.6 or later) that tells what runs on a machine: listening sockets, who
  calls them, whom the machine calls, and settings that joining a mesh turns. It changes nothing there, and writes no file. The
  second makes a cdk8s program of the answers of a fleet: groups of machines that listen alike, what they call, and what will
  matter on the day they join. What it has guessed is marked so.

Options:
      --print-program   Print the program for machines.
  -o, --output <file>   Where to write. Default: standard output.
      --force           Replace the output if it is there.
  -h, --help            This text.

Exit status:
  0  Done.
  1  An answer could not be read or is none, or the output could not be written. Nothing is written.
  2  The command line is not understood.

Examples:
  npx meshvm survey --print-program | ssh web-1 sudo python3 - --json --for 10m >web-1.json
  npx meshvm survey --print-program >survey.py
  npx meshvm survey --output fleet.ts web-1.json web-2.json
`;
