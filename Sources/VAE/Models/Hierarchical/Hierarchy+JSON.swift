import Checkpoints
import Datasets

extension Hierarchy {
  package var networkJSON: JSONValue {
    var members = [
      JSONMember("architecture", "hierarchical"),
      JSONMember("widths", .array(widths.map { JSONValue($0) })),
      JSONMember("target_widths", .array(targetWidths.map { JSONValue($0) })),
      JSONMember("latents", .array(latents.map { JSONValue($0) })),
      JSONMember("blocks", blocksJSON),
      JSONMember("activation", .string(activation.rawValue)),
      JSONMember("conditional", .bool(isConditional)),
    ]
    if isConditional && maps != ConditionMaps.undescribed {
      members.append(JSONMember("maps", .array(maps.map(\.json))))
    }
    if predictsError { members.append(JSONMember("predicts_error", .bool(true))) }
    if !errorWidths.isEmpty {
      members.append(JSONMember("error_widths", .array(errorWidths.map { JSONValue($0) })))
    }
    return .object(members)
  }

  /// One number where all levels have the same.
  private var blocksJSON: JSONValue {
    if let first = blocks.first, blocks.allSatisfy({ $0 == first }) { return JSONValue(first) }
    return .array(blocks.map { JSONValue($0) })
  }

  package init(json whole: JSONValue, network json: JSONValue, image: ImageShape) throws {
    try json.requireKeys([
      "architecture", "widths", "target_widths", "latents", "blocks", "activation",
      "conditional", "maps", "predicts_error", "error_widths",
    ])
    guard let isConditional = try json.member("conditional").bool else {
      throw ConfigurationError("expected true or false as 'conditional'")
    }
    let widths = try json.integers("widths")
    let blocks =
      try json["blocks"]?.array == nil
      ? widths.map { _ in try json.integer("blocks") } : json.integers("blocks")
    var maps = ConditionMaps.undescribed
    if let described = json["maps"] {
      guard let values = described.array else {
        throw ConfigurationError("expected an array as 'maps'")
      }
      maps = try values.map { try ConditionMap(json: $0) }
    }
    let predictsError = json["predicts_error"].map(\.bool) ?? false
    guard let predictsError, isConditional || !predictsError else {
      throw ConfigurationError(
        "expected true or false as 'predicts_error', true of conditional models alone")
    }
    let errorWidths = try json["error_widths"].map { _ in try json.integers("error_widths") } ?? []
    guard predictsError || errorWidths.isEmpty else {
      throw ConfigurationError("expected no 'error_widths' of a model that predicts no error")
    }
    self.init(
      widths: widths, targetWidths: try json.integers("target_widths"),
      latents: try json.integers("latents"), blocks: blocks,
      activation: try json.choice("activation"), isConditional: isConditional, maps: maps,
      predictsError: predictsError, errorWidths: errorWidths)
    if let problem = problem(of: image) { throw ConfigurationError(problem) }
    let expected = groups(of: image).reduce(0) { $0 + $1.shape.count }
    let found = try whole.integer("latents")
    guard found == expected else {
      throw ConfigurationError("expected \(expected) latents for \(image), found \(found)")
    }
    guard try Configuration.Likelihood(json: whole.member("likelihood")) == likelihood else {
      throw ConfigurationError(
        "a hierarchical network has the likelihood gaussian-shared with the mean identity")
    }
    guard
      try whole["posterior"].map({ try Configuration.Posterior(json: $0) }) ?? posterior
        == posterior,
      try whole["prior"].map({ try Configuration.Prior(json: $0) }) ?? prior == prior
    else {
      throw ConfigurationError(
        "a hierarchical model has diagonal Gaussian posteriors and priors that its decoder makes; "
          + "other families are for flat models")
    }
  }
}

extension ConditionMap {
  fileprivate var json: JSONValue {
    var members = [
      JSONMember("name", .string(name)), JSONMember("neutral", JSONValue(neutral)),
      JSONMember("least", JSONValue(range.lowerBound)),
      JSONMember("largest", JSONValue(range.upperBound)),
    ]
    if let unknown { members.append(JSONMember("unknown", JSONValue(unknown))) }
    members.append(JSONMember("factor", JSONValue(factor)))
    return .object(members)
  }

  fileprivate init(json: JSONValue) throws {
    try json.requireKeys(["name", "neutral", "least", "largest", "unknown", "factor"])
    func number(_ key: String) throws -> Float {
      guard let value = json[key]?.float, value.isFinite else {
        throw ConfigurationError("expected a number as '\(key)' of a map")
      }
      return value
    }
    let (least, largest) = (try number("least"), try number("largest"))
    guard least <= largest else {
      throw ConfigurationError("expected a map's 'least' up to its 'largest'")
    }
    self.init(
      name: try json.text("name"), neutral: try number("neutral"), range: least...largest,
      unknown: try json["unknown"].map { _ in try number("unknown") },
      factor: try number("factor"))
  }
}
