import Checkpoints
import Tensors
import VAE

/// What `latent info` says of a model.
struct ModelReport {
  let path: String
  private let configuration: Configuration
  private let history: JSONValue
  private let parameterCount: Int
  private let tensors: [(name: String, shape: Shape)]

  init(_ model: Model, path: String) {
    self.path = path
    configuration = model.configuration
    history = model.history
    parameterCount = model.parameters.parameterCount
    tensors = model.parameters.slots.map { ($0.name, $0.shape) }
  }

  /// An object with all of it.
  var json: JSONValue {
    [
      "model": .string(path),
      "configuration": configuration.json,
      "parameters": JSONValue(parameterCount),
      "tensors": .array(
        tensors.map { tensor in
          [
            "name": .string(tensor.name),
            "shape": .array(tensor.shape.dimensions.map { JSONValue($0) }),
          ]
        }),
      "history": history,
    ]
  }

  /// Lines of a name and a value.
  ///
  /// - Parameter tensors: whether every tensor gets a line.
  func text(tensors showsTensors: Bool) -> String {
    var lines = [
      line("model", path), line("pictures", configuration.image.description),
      line("latents", "\(configuration.latents)"),
    ]
    lines += section("network", configuration.json["network"], headed: "architecture")
    lines += section("likelihood", configuration.json["likelihood"], headed: "family")
    let megabytes = decimal(Double(parameterCount) * 4 / 1e6, 1)
    lines.append(line("parameters", "\(grouped(parameterCount)) (\(megabytes) MB)"))
    if history.object?.isEmpty == false {
      lines.append("history")
      lines += members(history, indent: "  ")
    }
    if showsTensors {
      lines.append("tensors")
      let width = tensors.map(\.name.count).max() ?? 0
      lines += tensors.map { "  \(padded($0.name, width + 2))\($0.shape)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(_ name: String, _ value: String, indent: String = "") -> String {
    "\(indent)\(padded(name, 14))\(value)"
  }

  private func section(_ name: String, _ value: JSONValue?, headed key: String) -> [String] {
    guard let value, let members = value.object else { return [] }
    let rest = JSONValue.object(members.filter { $0.key != key })
    return [line(name, value[key]?.string ?? "")] + self.members(rest, indent: "  ")
  }

  private func members(_ value: JSONValue, indent: String) -> [String] {
    (value.object ?? []).flatMap { member -> [String] in
      let name = member.key.split(separator: "_").joined(separator: " ")
      if member.value.object != nil {
        return [indent + name] + members(member.value, indent: indent + "  ")
      }
      return [line(name, plain(member.value), indent: indent)]
    }
  }

  private func plain(_ value: JSONValue) -> String {
    if let text = value.string { return text }
    if let elements = value.array { return elements.map(plain).joined(separator: ", ") }
    return value.description
  }
}
