import Checkpoints

/// Why a configuration in a model file is refused.
package struct ConfigurationError: Error, CustomStringConvertible {
  package let description: String
  init(_ description: String) { self.description = description }
}

extension Configuration {
  /// As in the model file's `configuration`.
  public var json: JSONValue {
    var members = [
      JSONMember(
        "image",
        [
          "channels": JSONValue(image.channels), "height": JSONValue(image.height),
          "width": JSONValue(image.width),
        ]),
      JSONMember("latents", JSONValue(latents)),
      JSONMember("network", network.json),
      JSONMember("likelihood", likelihood.family.json),
    ]
    if posterior != .diagonal { members.append(JSONMember("posterior", posterior.family.json)) }
    if prior != .standardNormal { members.append(JSONMember("prior", prior.json)) }
    return .object(members)
  }

  /// Reads what `json` writes and refuses everything else.
  public init(json: JSONValue) throws {
    try json.requireKeys(["image", "latents", "network", "likelihood", "posterior", "prior"])
    let image = try json.member("image")
    try image.requireKeys(["channels", "height", "width"])
    self.init(
      image: ImageShape(
        channels: try image.integer("channels"), height: try image.integer("height"),
        width: try image.integer("width")),
      latents: try json.integer("latents"), network: try Network(json: json.member("network")),
      likelihood: try Likelihood(json: json.member("likelihood")),
      posterior: try json["posterior"].map { try Posterior(json: $0) } ?? .diagonal,
      prior: try json["prior"].map { try Prior(json: $0) } ?? .standardNormal)
    if let problem { throw ConfigurationError(problem) }
  }
}

extension Configuration.Network {
  var json: JSONValue {
    switch self {
    case .mlp(let hidden, let activation):
      [
        "architecture": "mlp", "hidden": .array(hidden.map { JSONValue($0) }),
        "activation": .string(activation.rawValue),
      ]
    case .convolutional(let widths, let blocks, let hidden, let activation):
      [
        "architecture": "convolutional", "widths": .array(widths.map { JSONValue($0) }),
        "blocks": JSONValue(blocks), "hidden": JSONValue(hidden),
        "activation": .string(activation.rawValue),
      ]
    case .hierarchical(let hierarchy):
      hierarchy.json
    }
  }

  init(json: JSONValue) throws {
    switch try json.text("architecture") {
    case "mlp":
      try json.requireKeys(["architecture", "hidden", "activation"])
      self = .mlp(hidden: try json.integers("hidden"), activation: try json.choice("activation"))
    case "convolutional":
      try json.requireKeys(["architecture", "widths", "blocks", "hidden", "activation"])
      self = .convolutional(
        widths: try json.integers("widths"), blocks: try json.integer("blocks"),
        hidden: try json.integer("hidden"), activation: try json.choice("activation"))
    case "hierarchical":
      try json.requireKeys([
        "architecture", "widths", "target_widths", "latents", "blocks", "activation",
        "conditional", "maps",
      ])
      guard let isConditional = try json.member("conditional").bool else {
        throw ConfigurationError("expected true or false as 'conditional'")
      }
      self = .hierarchical(try Hierarchy(json: json, isConditional: isConditional))
    case let other:
      throw ConfigurationError(
        "expected the architecture mlp, convolutional or hierarchical, found '\(other)'; "
          + "a newer version may know it")
    }
  }
}

extension JSONValue {
  func member(_ key: String) throws -> JSONValue {
    guard let value = self[key] else { throw ConfigurationError("'\(key)' is missing") }
    return value
  }

  func integer(_ key: String) throws -> Int {
    let value = try member(key)
    guard let number = value.int else {
      throw ConfigurationError("expected an integer as '\(key)', found \(value.kind)")
    }
    return number
  }

  func integers(_ key: String) throws -> [Int] {
    let numbers = try member(key).array?.map(\.int)
    guard let numbers, !numbers.contains(nil) else {
      throw ConfigurationError("expected an array of integers as '\(key)'")
    }
    return numbers.compactMap(\.self)
  }

  func text(_ key: String) throws -> String {
    let value = try member(key)
    guard let text = value.string else {
      throw ConfigurationError("expected a string as '\(key)', found \(value.kind)")
    }
    return text
  }

  func choice<C: RawRepresentable & CaseIterable>(_ key: String) throws -> C
  where C.RawValue == String {
    let text = try text(key)
    guard let choice = C(rawValue: text) else {
      let all = C.allCases.map(\.rawValue).joined(separator: ", ")
      throw ConfigurationError("expected one of \(all) as '\(key)', found '\(text)'")
    }
    return choice
  }

  /// Refuses an object with other keys: what is not understood must not be passed over.
  func requireKeys(_ keys: Set<String>) throws {
    guard let members = object else {
      throw ConfigurationError("expected an object, found \(kind)")
    }
    if let unknown = members.first(where: { !keys.contains($0.key) }) {
      throw ConfigurationError("'\(unknown.key)' is not known; a newer version may know it")
    }
  }
}
