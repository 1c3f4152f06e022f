// Writes manual pages from a program's own description of its commands.
//
//   swift script/manual.swift HELP.JSON VERSION FOLDER
//
// HELP.JSON is what `--experimental-dump-help` prints. One page a command: latent.1,
// latent-train.1, ... Indented lines of a discussion stay as they are; the rest is filled.

import Foundation

struct Dump: Decodable {
  var command: Command
}

struct Command: Decodable {
  var commandName: String
  var abstract: String?
  var discussion: String?
  var shouldDisplay: Bool?
  var subcommands: [Command]?
  var arguments: [Argument]?
}

struct Argument: Decodable {
  enum Kind: String, Decodable { case positional, option, flag }
  struct Name: Decodable {
    enum Kind: String, Decodable { case long, short, longWithSingleDash }
    var kind: Kind
    var name: String
    var text: String { (kind == .long ? "--" : "-") + name }
  }

  var kind: Kind
  var shouldDisplay: Bool
  var sectionTitle: String?
  var isOptional: Bool
  var isRepeating: Bool
  var names: [Name]?
  var valueName: String?
  var defaultValue: String?
  var allValues: [String]?
  var allValueDescriptions: [String: String]?
  var abstract: String?
  var discussion: String?

  var value: String { italic(valueName ?? "value") }

  /// As in the synopsis: `[--seed seed]`.
  var usage: String {
    var text =
      switch kind {
      case .positional: value
      case .option: bold(names?.last?.text ?? "") + " " + value
      case .flag: bold(names?.last?.text ?? "")
      }
    if isRepeating { text += " ..." }
    return isOptional ? "[" + text + "]" : text
  }

  /// As the head of its description: `-o, --output file`.
  var title: String {
    let names = (names ?? []).map { bold($0.text) }.joined(separator: ", ")
    return switch kind {
    case .positional: value
    case .option: names + " " + value
    case .flag: names
    }
  }

  var description: String {
    var lines = [escaped(abstract ?? "")]
    if let defaultValue, kind != .flag { lines.append("Default: \(escaped(defaultValue)).") }
    if let allValues, allValueDescriptions == nil, kind == .option {
      lines.append("One of \(escaped(allValues.joined(separator: ", "))).")
    }
    var text = lines.filter { !$0.isEmpty }.joined(separator: "\n")
    if let discussion { text += "\n.RS\n" + filled(discussion) + "\n.RE" }
    if let allValueDescriptions {
      text += "\n.RS"
      for name in allValues ?? allValueDescriptions.keys.sorted() {
        text += "\n.TP\n\(bold(name))\n\(escaped(allValueDescriptions[name] ?? ""))"
      }
      text += "\n.RE"
    }
    return text
  }
}

/// `text` with what roff would take for its own made plain.
func escaped(_ text: String) -> String {
  var result = text.replacingOccurrences(of: "\\", with: "\\e")
    .replacingOccurrences(of: "-", with: "\\-")
  if let first = result.first, first == "." || first == "'" { result = "\\&" + result }
  return result
}

func bold(_ text: String) -> String { "\\fB" + escaped(text) + "\\fR" }
func italic(_ text: String) -> String { "\\fI" + escaped(text) + "\\fR" }

/// Paragraphs filled, indented blocks word for word.
func filled(_ text: String) -> String {
  var lines: [String] = []
  var isExample = false
  var indentation = 0
  var pendingParagraph = false
  for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
    if line.allSatisfy(\.isWhitespace) {
      pendingParagraph = true
      continue
    }
    let spaces = line.prefix { $0 == " " }.count
    let indented = spaces > 0
    if indented != isExample {
      indentation = spaces
      if indented { lines.append(".PP\n.RS 2\n.EX") } else { lines.append(".EE\n.RE\n.PP") }
      isExample = indented
    } else if pendingParagraph, !lines.isEmpty {
      lines.append(isExample ? "" : ".PP")
    }
    pendingParagraph = false
    lines.append(escaped(String(line.dropFirst(min(spaces, indentation)))))
  }
  if isExample { lines.append(".EE\n.RE") }
  return lines.joined(separator: "\n")
}

/// The page of one command; `path` is how it is called, `others` what else to read.
func page(_ command: Command, path: [String], version: String, others: [String]) -> String {
  let name = path.joined(separator: "-")
  let arguments = (command.arguments ?? []).filter(\.shouldDisplay)
  let subcommands = (command.subcommands ?? []).filter { $0.shouldDisplay ?? true }
  let synopsis =
    subcommands.isEmpty
    ? arguments.filter { $0.names?.contains { $0.name == "help" || $0.name == "version" } != true }
      .map(\.usage) : [italic("subcommand"), "\\&..."]
  var text = """
    .\\" Written by script/generate.
    .TH "\(escaped(name.uppercased()))" 1 "" "latent \(escaped(version))" "latent"
    .nh
    .ad l
    .SH NAME
    \(escaped(name)) \\- \(escaped(lowercasedStart(command.abstract ?? "")))
    .SH SYNOPSIS
    \(bold(path.joined(separator: " ")))
    \(synopsis.joined(separator: "\n"))
    """
  if let discussion = command.discussion {
    text += "\n.SH DESCRIPTION\n" + filled(discussion)
  }
  if !subcommands.isEmpty {
    text += "\n.SH SUBCOMMANDS"
    for subcommand in subcommands {
      text += "\n.TP\n\(bold(name + "-" + subcommand.commandName))(1)"
      text += "\n\(escaped(subcommand.abstract ?? ""))"
    }
  }
  var titles: [String] = []
  for argument in arguments {
    let title = (argument.sectionTitle ?? "Options").uppercased()
    if !titles.contains(title) { titles.append(title) }
  }
  for title in titles {
    text += "\n.SH \"\(escaped(title))\""
    for argument in arguments where (argument.sectionTitle ?? "Options").uppercased() == title {
      text += "\n.TP\n\(argument.title)\n\(argument.description)"
    }
  }
  if !others.isEmpty {
    text += "\n.SH \"SEE ALSO\"\n" + others.map { bold($0) + "(1)" }.joined(separator: ",\n")
  }
  return text + "\n"
}

/// `Encode pictures.` -> `encode pictures`, as `whatis` shows it.
func lowercasedStart(_ abstract: String) -> String {
  var text = abstract.hasSuffix(".") ? String(abstract.dropLast()) : abstract
  if text.dropFirst().first?.isLowercase == true {
    text = text.prefix(1).lowercased() + text.dropFirst()
  }
  return text
}

let arguments = CommandLine.arguments
guard arguments.count == 4 else {
  FileHandle.standardError.write(
    Data("usage: swift script/manual.swift HELP.JSON VERSION FOLDER\n".utf8))
  exit(64)
}
let root = try JSONDecoder().decode(
  Dump.self, from: Data(contentsOf: URL(fileURLWithPath: arguments[1]))
).command
let version = arguments[2]
let folder = URL(fileURLWithPath: arguments[3])
let subcommands = (root.subcommands ?? []).filter {
  ($0.shouldDisplay ?? true) && $0.commandName != "help"
}
let pageNames = subcommands.map { root.commandName + "-" + $0.commandName }

func write(_ text: String, name: String) throws {
  try text.write(
    to: folder.appendingPathComponent(name + ".1"), atomically: true, encoding: .utf8)
}

var top = root
top.subcommands = subcommands
try write(
  page(top, path: [root.commandName], version: version, others: pageNames),
  name: root.commandName)
for (subcommand, name) in zip(subcommands, pageNames) {
  try write(
    page(
      subcommand, path: [root.commandName, subcommand.commandName], version: version,
      others: [root.commandName] + pageNames.filter { $0 != name }),
    name: name)
}
