import Checkpoints
import Pictures

/// What a latent stream says of itself: whose latents it holds, and what stands in a record.
package struct LatentOrigin: Hashable, Sendable {
  /// The model's name, for messages.
  package var model: String?
  /// Of the model's numbers: equal for equal models, whatever they are called.
  package var fingerprint: String?

  package init(model: String? = nil, fingerprint: String? = nil) {
    self.model = model
    self.fingerprint = fingerprint
  }
}

/// The line before a text stream whose records are more than means: a comment to other programs.
///
///     # latent {"kind":["mean","log_variance"],"latents":32,"model":"digits","fingerprint":"0123456789abcdef"}
struct LatentTextHeader {
  var origin = LatentOrigin()
  /// Whether log-variances follow the means.
  var hasVariance = false
  /// How many there are of each; nil where records differ.
  var latents: Int?

  private static let mark = Array("# latent {".utf8)
  private static let kinds: (mean: JSONValue, both: JSONValue) = (
    ["mean"], ["mean", "log_variance"]
  )

  init(_ origin: LatentOrigin, hasVariance: Bool, latents: Int?) {
    self.origin = origin
    self.hasVariance = hasVariance
    self.latents = latents
  }

  /// nil where the line is another comment.
  ///
  /// - Throws: `ArrayFault` where it is a header that is not understood.
  init?(_ line: some Collection<UInt8>) throws {
    guard line.starts(with: Self.mark) else { return nil }
    let text = line.dropFirst(Self.mark.count - 1).prefix(4096).filter { $0 != 0x0D }
    guard let value = try? JSONValue(parsing: text), let kind = value["kind"] else {
      throw ArrayFault("expected \"kind\" in the header line")
    }
    guard kind == Self.kinds.mean || kind == Self.kinds.both else {
      throw ArrayFault(
        "expected the kind [\"mean\"] or [\"mean\",\"log_variance\"] in the header line")
    }
    hasVariance = kind == Self.kinds.both
    latents = value["latents"]?.int
    origin = LatentOrigin(model: value["model"]?.string, fingerprint: value["fingerprint"]?.string)
  }

  /// With its line end.
  func encoded() -> [UInt8] {
    var members = [JSONMember("kind", hasVariance ? Self.kinds.both : Self.kinds.mean)]
    if let latents { members.append(JSONMember("latents", JSONValue(latents))) }
    if let model = origin.model { members.append(JSONMember("model", .string(model))) }
    if let fingerprint = origin.fingerprint {
      members.append(JSONMember("fingerprint", .string(fingerprint)))
    }
    return Array("# latent ".utf8) + JSONValue.object(members).encoded() + [0x0A]
  }
}
