;;; plugsched.el --- The scheduler's boundary in the editor  -*- lexical-binding: t -*-
;; SPDX-License-Identifier: GPL-2.0-only
;; Package-Requires: ((emacs "27.1") (eglot "1.9"))

;;; Commentary:
;; plugsched-lsp with Eglot.  Eglot runs one server per buffer.  In extracted folders, and in kernel
;; trees that have a report, `plugsched-ensure' makes that server plugsched-lsp:
;;
;;     (require 'plugsched)
;;     (add-hook 'c-mode-hook #'plugsched-ensure)
;;
;; Eglot does not support code lenses, nor, before version 1.10, inlay hints, and it has no call
;; hierarchy for indirect calls; `plugsched-callers', `plugsched-callees' and `plugsched-lenses'
;; request these.

;;; Code:
(require 'eglot)
(require 'xref)

(defgroup plugsched nil "The scheduler's boundary." :group 'tools)

(defcustom plugsched-command '("plugsched-lsp")
  "The language server and its options." :type '(repeat string))

(defcustom plugsched-report nil
  "The report; nil: boundary.json in the tree." :type '(choice (const nil) file))

(defcustom plugsched-kernel nil
  "The kernel that was analysed; nil: the server finds it." :type '(choice (const nil) directory))

(defun plugsched-root (&optional folder)
  "The tree around FOLDER that the server works in, or nil."
  (locate-dominating-file
   (or folder default-directory)
   (lambda (each)
     (let ((has (lambda (name) (file-exists-p (expand-file-name name each)))))
       (or (and (funcall has "EXTRACTED.md") (funcall has "Makefile"))
           (and (funcall has "Kbuild") (funcall has "kernel/sched")
                (or plugsched-report (funcall has "boundary.json"))))))))

(defun plugsched-project (folder)
  "The project of FOLDER for `project-find-functions', if it is such a tree."
  (let ((root (plugsched-root folder)))
    (and root (cons 'plugsched root))))

(cl-defmethod project-root ((project (head plugsched)))
  "The tree that PROJECT is."
  (cdr project))

(defclass plugsched-server (eglot-lsp-server) ()
  :documentation "plugsched-lsp.")

(cl-defmethod eglot-initialization-options ((_server plugsched-server))
  "Report and kernel, if they are set."
  (append (and plugsched-report (list :report (expand-file-name plugsched-report)))
          (and plugsched-kernel (list :kernel (expand-file-name plugsched-kernel)))
          eglot--{}))

;;;###autoload
(defun plugsched-ensure ()
  "Attach plugsched-lsp to the buffer, if it is in a tree of plugsched's."
  (interactive)
  (when (and buffer-file-name (plugsched-root))
    (setq-local eglot-server-programs
                `(((c-mode c++-mode c-ts-mode) . (plugsched-server ,@plugsched-command))))
    (add-hook 'project-find-functions #'plugsched-project nil t)
    (eglot-ensure)))

(defun plugsched--ask (method &rest more)
  "Ask the server METHOD about point, with MORE parameters."
  (jsonrpc-request (eglot--current-server-or-lose) method
                   (append (eglot--TextDocumentPositionParams) more)))

(defun plugsched-hover-text ()
  "What the report says of the word at point, as text; nil if it says nothing."
  (let ((contents (plist-get (plugsched--ask :textDocument/hover) :contents)))
    (and contents (plist-get contents :value))))

;;;###autoload
(defun plugsched-hover ()
  "Show in a window what the report says of the word at point."
  (interactive)
  (let ((text (plugsched-hover-text)))
    (if (not text)
        (message "The report has nothing on this")
      (with-help-window "*plugsched*" (princ text)))))

(defun plugsched--show-calls (method direction)
  "Show the calls of the function at point that METHOD gives; DIRECTION is the key of the other end."
  (let ((item (seq-first (plugsched--ask :textDocument/prepareCallHierarchy))))
    (unless item (user-error "The report has no function here"))
    (let ((calls (append (jsonrpc-request (eglot--current-server-or-lose) method (list :item item)) nil)))
      (xref-show-xrefs
       (lambda ()
         (cl-loop for call in calls
                  for other = (plist-get call direction)
                  for uri = (plist-get (if (eq direction :from) other item) :uri)
                  nconc (cl-loop for range across (plist-get call :fromRanges)
                                 for start = (plist-get range :start)
                                 collect (xref-make (format "%s  %s" (plist-get other :name) (plist-get other :detail))
                                                    (xref-make-file-location (eglot--uri-to-path uri)
                                                                             (1+ (plist-get start :line))
                                                                             (plist-get start :character))))))
       nil))))

;;;###autoload
(defun plugsched-callers ()
  "Show who calls the function at point, or may call it."
  (interactive)
  (plugsched--show-calls :callHierarchy/incomingCalls :from))

;;;###autoload
(defun plugsched-callees ()
  "Show what the function at point calls, or may call."
  (interactive)
  (plugsched--show-calls :callHierarchy/outgoingCalls :to))

(defvar-local plugsched--overlays nil "Overlays of the lenses.")

;;;###autoload
(defun plugsched-lenses ()
  "Show the lenses above functions, or take them away."
  (interactive)
  (if plugsched--overlays
      (progn (mapc #'delete-overlay plugsched--overlays)
             (setq plugsched--overlays nil))
    (let ((lenses (jsonrpc-request (eglot--current-server-or-lose) :textDocument/codeLens
                                   (list :textDocument (eglot--TextDocumentIdentifier)))))
      (save-excursion
        (seq-doseq (lens lenses)
          (goto-char (eglot--lsp-position-to-point (plist-get (plist-get lens :range) :start)))
          (let ((overlay (make-overlay (line-beginning-position) (line-beginning-position))))
            (overlay-put overlay 'before-string
                         (propertize (concat (plist-get (plist-get lens :command) :title) "\n") 'face 'shadow))
            (push overlay plugsched--overlays)))))))

(provide 'plugsched)
;;; plugsched.el ends here
