import ImageCodecs
import VAE

/// What was done to a picture, as it stands in its file: the command, and the options that decided
/// over the pixels. Paths are left out: they tell of a user's machine, not of the picture.
package final class Record {
  private let command: String
  private var options: [(name: String, value: String?)]

  /// - Parameter options: by their names; nil leaves one out, "" stands for a flag.
  package init(_ command: String, _ options: KeyValuePairs<String, String?>) {
    self.command = command
    self.options = options.map { ($0.key, $0.value) }
  }

  /// Sets an option for the pictures from here on, such as what was estimated from one of them.
  package func set(_ name: String, _ value: String?) {
    if let index = options.firstIndex(where: { $0.name == name }) {
      options[index].value = value
    } else {
      options.append((name, value))
    }
  }

  /// "latent 0.1.0 denoise --model digits --sigma 25".
  package var line: String {
    options.reduce("latent \(latentVersion) \(command)") { line, option in
      guard let value = option.value else { return line }
      return "\(line) \(option.name)" + (value.isEmpty ? "" : " \(value)")
    }
  }

  /// - Parameter sample: its number from 1, where there are several.
  package func entry(sample: Int?) -> Metadata.TextEntry {
    Metadata.TextEntry(
      keyword: "Software", value: sample.map { "\(line), sample \($0)" } ?? line)
  }
}
