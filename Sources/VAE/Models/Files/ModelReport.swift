import Checkpoints
import Files
import Tensors

/// What a model file says of itself, in words and as JSON.
package struct ModelReport {
  private let path: String
  private let configuration: Configuration
  private let history: JSONValue
  private let parameterCount: Int
  private let tensors: [(name: String, shape: Shape)]

  package init(_ model: Model, path: String) {
    self.path = path
    configuration = model.configuration
    history = model.history
    parameterCount = model.parameters.parameterCount
    tensors = model.parameters.slots.map { ($0.name, $0.shape) }
  }

  /// An object with all of it.
  package var json: JSONValue {
    var members = [
      JSONMember("model", .string(path)), JSONMember("configuration", configuration.json),
      JSONMember("parameters", JSONValue(parameterCount)),
    ]
    if groups.count > 1 {
      members.append(
        JSONMember(
          "groups",
          .array(
            groups.map { group in
              [
                "name": .string(group.name),
                "shape": .array(group.shape.dimensions.map { JSONValue($0) }),
              ]
            })))
    }
    if let hierarchy = configuration.hierarchy {
      members.append(
        JSONMember(
          "hierarchy",
          [
            "levels": JSONValue(hierarchy.levels), "stride": JSONValue(hierarchy.stride),
            "halo": JSONValue(hierarchy.halo), "latents_per_pixel": JSONValue(latentsPerPixel),
            "parameters": .object(parts.map { JSONMember($0.name, JSONValue($0.count)) }),
          ]))
    }
    members.append(
      JSONMember(
        "tensors",
        .array(
          tensors.map { tensor in
            [
              "name": .string(tensor.name),
              "shape": .array(tensor.shape.dimensions.map { JSONValue($0) }),
            ]
          })))
    members.append(JSONMember("history", history))
    return .object(members)
  }

  /// Lines of a name and a value.
  ///
  /// - Parameter tensors: whether every tensor gets a line.
  package func text(tensors showsTensors: Bool) -> String {
    var lines = [line("model", Printable.escaped(path))]
    if let hierarchy = configuration.hierarchy {
      let grids = hierarchy.latents.enumerated().map { "\($1) at 1/\(2 << $0)" }
      lines += [
        line("pictures", "any size, trained on \(configuration.image)"),
        line(
          "latents",
          "\(grids.joined(separator: ", ")): \(decimal(latentsPerPixel, 4)) per pixel"),
      ]
    } else {
      lines += [
        line("pictures", configuration.image.description),
        line("latents", "\(configuration.latents)" + gridWords),
      ]
    }
    lines += section("network", configuration.json["network"], headed: "architecture")
    if let hierarchy = configuration.hierarchy {
      lines += [
        line("levels", "\(hierarchy.levels)", indent: "  "),
        line("stride", "\(hierarchy.stride) pixels", indent: "  "),
        line("halo", "\(hierarchy.halo) pixels", indent: "  "),
      ]
    }
    lines += section("likelihood", configuration.json["likelihood"], headed: "family")
    lines += section("posterior", configuration.json["posterior"], headed: "family")
    lines += section("prior", configuration.json["prior"], headed: "family")
    let megabytes = decimal(Double(parameterCount) * 4 / 1e6, 1)
    lines.append(line("parameters", "\(grouped(parameterCount)) (\(megabytes) MB)"))
    if groups.count > 1 {
      lines += parts.map { line($0.name, grouped($0.count), indent: "  ") }
    }
    if history.object?.isEmpty == false {
      lines.append("history")
      lines += members(history, indent: "  ")
    }
    if showsTensors {
      lines.append("tensors")
      let width = tensors.map(\.name.count).max() ?? 0
      lines += tensors.map { "  \(padded(Printable.escaped($0.name), width + 2))\($0.shape)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Of the pictures that it was trained on.
  private var groups: [LatentGroup] { configuration.groups(of: configuration.image) }

  /// ": 3 x 4 at 14x14, 1 x 32 at 1x1" of a model with groups on grids.
  private var gridWords: String {
    let groups = groups
    guard groups.count > 1 else { return "" }
    let grids = (0..<configuration.levels).compactMap { level -> String? in
      let own = groups.filter { $0.level == level }
      guard let shape = own.first?.shape, shape.rank == 3 else { return nil }
      return "\(own.count) x \(shape[0]) at \(shape[2])x\(shape[1])"
    }
    return ": " + grids.joined(separator: ", ")
  }

  /// Of a hierarchical model.
  private var latentsPerPixel: Double {
    Double(configuration.latents) / Double(configuration.image.width * configuration.image.height)
  }

  /// The networks of the model, as the names of their tensors begin, and their parameters.
  private var parts: [(name: String, count: Int)] {
    var parts: [(name: String, count: Int)] = []
    for tensor in tensors {
      let name = String(tensor.name.prefix { $0 != "." })
      if parts.last?.name != name { parts.append((name, 0)) }
      parts[parts.count - 1].count += tensor.shape.count
    }
    return parts
  }

  private func line(_ name: String, _ value: String, indent: String = "") -> String {
    "\(indent)\(padded(name, 14))\(value)"
  }

  private func section(_ name: String, _ value: JSONValue?, headed key: String) -> [String] {
    guard let value, let members = value.object else { return [] }
    let rest = JSONValue.object(members.filter { $0.key != key })
    return [line(name, plain(value[key] ?? .string("")))] + self.members(rest, indent: "  ")
  }

  private func members(_ value: JSONValue, indent: String) -> [String] {
    (value.object ?? []).flatMap { member -> [String] in
      let name = Printable.escaped(member.key.split(separator: "_").joined(separator: " "))
      if member.value.object != nil {
        return [indent + name] + members(member.value, indent: indent + "  ")
      }
      return [line(name, plain(member.value), indent: indent)]
    }
  }

  private func plain(_ value: JSONValue) -> String {
    if let text = value.string { return Printable.escaped(text, limit: 4096) }
    if let elements = value.array { return elements.map(plain).joined(separator: ", ") }
    return value.description
  }
}
